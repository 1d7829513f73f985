#include "request.h"

#include "http_form.h"

#include <assert.h>
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

bool request_form(const struct request *request, struct form *ret_form)
{
    enum { pairs_max = 256 };
    struct http_pair *pairs = arena_array(request->arena, pairs_max, sizeof *pairs);
    const char *body = request->body.length ? (const char *)request->body.data : "";
    char *text = arena_text(request->arena, body, request->body.length);
    ret_form->pairs = pairs;
    return http_form_parse(text, pairs, pairs_max, &ret_form->count);
}

const char *form_get(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->pairs[i].name, name) == 0)
            return form->pairs[i].value;
    return NULL;
}

void reply_add_field(struct reply *reply, const char *name, const char *value)
{
    assert(reply->field_count < REPLY_FIELDS_MAX);
    reply->field[reply->field_count++] = (struct http_pair){name, value};
}

void reply_done(struct reply *reply)
{
    buffer_done(&reply->body);
}
