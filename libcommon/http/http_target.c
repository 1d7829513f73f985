/* http_target: decoding never lengthens a text, so it happens where the text stands. */
#include "http_target.h"

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

/* The length of the UTF-8 sequence at text, by RFC 3629 (no overlong form, no surrogate); 0: none.
 */
static size_t utf8_length(const unsigned char *text)
{
    if (text[0] < 0x80)
        return 1;
    size_t length = text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
    unsigned char low = 0x80, high = 0xbf;
    if (text[0] < 0xc2 || text[0] > 0xf4)
        return 0;
    if (text[0] == 0xe0)
        low = 0xa0;
    if (text[0] == 0xed)
        high = 0x9f;
    if (text[0] == 0xf0)
        low = 0x90;
    if (text[0] == 0xf4)
        high = 0x8f;
    if (text[1] < low || text[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

static bool is_plain_text(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    while (*at) {
        size_t length = utf8_length(at);
        if (length == 0 || *at < ' ' || *at == 0x7f)
            return false;
        at += length;
    }
    return true;
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
