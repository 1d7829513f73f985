#include "rpc_error.h"

#include "json_writer.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
    int http;
    const char *name;
} statuses[] = {
    {400, "INVALID_ARGUMENT"  },
    {401, "UNAUTHENTICATED"   },
    {403, "PERMISSION_DENIED" },
    {404, "NOT_FOUND"         },
    {429, "RESOURCE_EXHAUSTED"},
    {503, "UNAVAILABLE"       },
    {500, "INTERNAL"          },
};

void rpc_error(struct reply *reply, int http, const char *format, ...)
{
    struct json_writer writer = {.out = &reply->body};
    char message[300];
    size_t i = 0;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args); /* a long one is cut */
    va_end(args);
    while (i < COUNT(statuses) - 1 && statuses[i].http != http)
        i++;
    buffer_clear(&reply->body);
    reply->status = http;
    writer_open(&writer, '{');
    writer_key(&writer, "error");
    writer_open(&writer, '{');
    writer_key(&writer, "code");
    writer_number(&writer, http);
    writer_key(&writer, "message");
    writer_text(&writer, message);
    writer_key(&writer, "status");
    writer_text(&writer, statuses[i].name);
    writer_close(&writer, '}');
    writer_close(&writer, '}');
}
