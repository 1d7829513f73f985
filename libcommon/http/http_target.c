/* http_target: decoding never lengthens a text, so it happens where the text stands. */
#include "http_target.h"

#include "utf8.h"

#include <string.h>

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

static bool is_plain_text(const char *text)
{
    for (const char *at = text; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            return false;
    return utf8_valid(bytes_of_text(text));
}

/* A plus is a space in queries; an encoded slash is refused in paths. */
static bool decode(char *text, bool in_query)
{
    char *out = text;
    for (const char *in = text; *in; in++) {
        char byte = *in == '+' && in_query ? ' ' : *in;
        if (*in == '%') {
            int high = hex_value(in[1]);
            int low = high < 0 ? -1 : hex_value(in[2]);
            if (low < 0)
                return false;
            byte = (char)(high * 16 + low);
            in += 2;
            if (byte == '\0' || (byte == '/' && !in_query))
                return false;
        }
        *out++ = byte;
    }
    *out = '\0';
    return is_plain_text(text);
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

static bool parse_queries(char *text, struct http_target *target)
{
    while (text && *text) {
        char *next = strchr(text, '&');
        if (next)
            *next++ = '\0';
        if (*text) {
            char *value = strchr(text, '=');
            if (value)
                *value++ = '\0';
            if (target->query_count == HTTP_QUERIES_MAX)
                return false;
            if (!decode(text, true) || (value && !decode(value, true)))
                return false;
            target->queries[target->query_count++] =
                (struct http_pair){.name = text, .value = value ? value : ""};
        }
        text = next;
    }
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
    return decode(text, false) && !has_dot_segment(text) && parse_queries(query, ret_target);
}
