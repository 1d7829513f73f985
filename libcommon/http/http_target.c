/* http_target: what a path or query may hold once it is decoded. */
#include "http_target.h"

#include "http_form.h"

#include <string.h>
#include <strings.h>

static bool has_control(const char *text)
{
    for (const char *at = text; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            return true;
    return false;
}

static bool has_encoded_slash(const char *path)
{
    for (const char *at = strchr(path, '%'); at; at = strchr(at + 1, '%'))
        if (strncasecmp(at, "%2f", 3) == 0)
            return true;
    return false;
}

static bool has_dot_segment(const char *path)
{
    for (const char *at = strchr(path, '/'); at; at = strchr(at + 1, '/')) {
        size_t length = strcspn(at + 1, "/");
        if ((length == 1 || length == 2) && strncmp(at + 1, "..", length) == 0)
            return true;
    }
    return false;
}

static bool take_path(char *path)
{
    return !has_encoded_slash(path) && http_percent_decode(path, false) && !has_control(path)
        && !has_dot_segment(path);
}

static bool take_queries(char *query, struct http_target *target)
{
    if (!http_form_parse(query, target->queries, HTTP_QUERIES_MAX, &target->query_count))
        return false;
    for (size_t i = 0; i < target->query_count; i++)
        if (has_control(target->queries[i].name) || has_control(target->queries[i].value))
            return false;
    return true;
}

bool http_target_parse(char *text, struct http_target *ret_target)
{
    ret_target->path = text;
    ret_target->query_count = 0;
    if (strcmp(text, "*") == 0)
        return true;
    if (text[0] != '/' || strchr(text, '#'))
        return false;

    char *query = strchr(text, '?');
    if (query)
        *query++ = '\0';
    return take_path(text) && take_queries(query, ret_target);
}
