/* http_exchange: the request as its handler reads it. */
#include "http_exchange.h"

#include "http_connection.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *http_method(const struct http_exchange *exchange)
{
    return exchange->intake.head.method;
}

const char *http_path(const struct http_exchange *exchange)
{
    return exchange->intake.target.path;
}

const char *http_request_id(const struct http_exchange *exchange)
{
    return exchange->request_id;
}

struct bytes http_body(const struct http_exchange *exchange)
{
    return buffer_view(&exchange->intake.body);
}

const char *http_header(const struct http_exchange *exchange, const char *name)
{
    return http_intake_header(&exchange->intake, name);
}

const char *http_query(const struct http_exchange *exchange, const char *name)
{
    const struct http_target *target = &exchange->intake.target;
    for (size_t i = 0; i < target->query_count; i++)
        if (strcmp(target->queries[i].name, name) == 0)
            return target->queries[i].value;
    return NULL;
}

const char *http_param(const struct http_exchange *exchange, const char *name)
{
    const struct http_params *params = &exchange->params;
    for (size_t i = 0; exchange->route && i < params->count; i++)
        if (bytes_equal(params->item[i].name, bytes_of_text(name)))
            return (const char *)params->item[i].value.data;
    return NULL;
}

bool http_query_int(const struct http_exchange *exchange, const char *name, int64_t min,
                    int64_t max, int64_t otherwise, int64_t *ret_value)
{
    const char *text = http_query(exchange, name);
    if (!text) {
        *ret_value = otherwise;
        return true;
    }
    size_t digits = strspn(text + (text[0] == '-'), "0123456789");
    if (digits == 0 || text[digits + (text[0] == '-')] != '\0')
        return false;
    errno = 0;
    long long value = strtoll(text, NULL, 10);
    if (errno != 0 || value < min || value > max)
        return false;
    *ret_value = value;
    return true;
}

void http_keep(struct http_exchange *exchange)
{
    assert(exchange->state == CONNECTION_HANDLING && !exchange->answered);
    exchange->kept = true;
}

bool http_gone(const struct http_exchange *exchange)
{
    return exchange->state == CONNECTION_CLOSED;
}
