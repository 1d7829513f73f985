/* http_routing: patterns are matched as they stand, a segment at a time. */
#include "http_routing.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static void add_param(struct http_params *params, struct bytes name, struct bytes value)
{
    assert(params->count < HTTP_PARAMS_MAX);
    params->item[params->count++] = (struct http_param){name, value};
}

/* At ":name" with perhaps a tail ("tail" runs to the segment's end). Takes what stands before the
 * tail; false when that is nothing or the tail differs. */
static bool match_param(const char *pattern, size_t pattern_length, const char *path,
                        size_t path_length, struct http_params *params)
{
    size_t name_length = 1;
    while (name_length < pattern_length && pattern[name_length] != ':')
        name_length++;
    size_t tail_length = pattern_length - name_length;
    if (path_length <= tail_length)
        return false;
    size_t value_length = path_length - tail_length;
    if (memcmp(path + value_length, pattern + name_length, tail_length) != 0)
        return false;
    add_param(params, bytes_of(pattern + 1, name_length - 1), bytes_of(path, value_length));
    return true;
}

bool http_pattern_match(const char *pattern, const char *path, struct http_params *ret_params)
{
    ret_params->count = 0;
    while (*pattern == '/' && *path == '/') {
        pattern++;
        path++;
        if (strcmp(pattern, "*") == 0) {
            add_param(ret_params, bytes_of_text("*"), bytes_of_text(path));
            return true;
        }
        size_t pattern_length = strcspn(pattern, "/");
        size_t path_length = strcspn(path, "/");
        bool fits = *pattern == ':'
            ? match_param(pattern, pattern_length, path, path_length, ret_params)
            : pattern_length == path_length && memcmp(pattern, path, path_length) == 0;
        if (!fits)
            return false;
        pattern += pattern_length;
        path += path_length;
    }
    return *pattern == '\0' && *path == '\0';
}

static bool method_fits(const char *row_method, const char *method)
{
    return strcmp(row_method, method) == 0
        || (strcmp(row_method, "GET") == 0 && strcmp(method, "HEAD") == 0);
}

static void add_allow(char allow[static HTTP_ALLOW_TEXT], const char *method)
{
    size_t length = strlen(allow);
    if (strstr(allow, method))
        return;
    (void)snprintf(allow + length, HTTP_ALLOW_TEXT - length, "%s%s", length ? ", " : "", method);
}

int http_routing_find(const struct http_route routes[], size_t count, const char *method,
                      const char *path, const struct http_route **ret_route,
                      struct http_params *ret_params, char ret_allow[static HTTP_ALLOW_TEXT])
{
    ret_allow[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        if (!http_pattern_match(routes[i].pattern, path, ret_params))
            continue;
        if (method_fits(routes[i].method, method)) {
            *ret_route = &routes[i];
            return 200;
        }
        add_allow(ret_allow, routes[i].method);
        if (strcmp(routes[i].method, "GET") == 0)
            add_allow(ret_allow, "HEAD");
    }
    return ret_allow[0] ? 405 : 404;
}
