#include "request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *request_header(const struct request *request, const char *name)
{
    return request->header ? request->header(request->source, name) : NULL;
}

const char *request_query(const struct request *request, const char *name)
{
    return request->query ? request->query(request->source, name) : NULL;
}

int64_t request_query_number(const struct request *request, const char *name, int64_t max,
                             int64_t otherwise)
{
    const char *text = request_query(request, name);
    if (!text || !*text || strspn(text, "0123456789") != strlen(text))
        return otherwise;
    errno = 0;
    long long number = strtoll(text, NULL, 10);
    return errno || number > max ? otherwise : number;
}

void reply_done(struct reply *reply)
{
    buffer_done(&reply->body);
}
