#include "lines.h"

#include "mem.h"

#include <string.h>

bool line_next(struct bytes *rest, struct bytes *ret_line)
{
    const uint8_t *end = rest->length ? memchr(rest->data, '\n', rest->length) : NULL;
    if (!end)
        return false;
    *ret_line = bytes_of(rest->data, (size_t)(end - rest->data));
    *rest = bytes_of(end + 1, rest->length - ret_line->length - 1);
    return true;
}

bool line_starts(struct bytes line, const char *prefix, struct bytes *ret_rest)
{
    size_t length = strlen(prefix);
    if (line.length < length || memcmp(line.data, prefix, length) != 0)
        return false;
    *ret_rest = bytes_of(line.data + length, line.length - length);
    return true;
}

bool line_is(struct bytes line, const char *text)
{
    return bytes_equal(line, bytes_of_text(text));
}

bool line_number(struct bytes line, uint64_t *ret_number)
{
    uint64_t number = 0;
    if (line.length == 0 || (line.length > 1 && line.data[0] == '0'))
        return false;
    for (size_t i = 0; i < line.length; i++) {
        if (line.data[i] < '0' || line.data[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(line.data[i] - '0');
        if (number > (INT64_MAX - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *ret_number = number;
    return true;
}

bool line_hash(struct bytes line, struct hash *ret_hash)
{
    struct buffer bytes = {0};
    bool good = line.length == 44 && base64_decode(line, &bytes) && bytes.length == HASH_BYTES;
    if (good)
        memcpy(ret_hash->bytes, bytes.data, HASH_BYTES);
    buffer_done(&bytes);
    return good;
}

void line_add_hash(const struct hash *hash, struct buffer *text)
{
    base64_encode(hash_view(hash), text);
    buffer_add_text(text, "\n");
}

bool text_has_space(struct bytes utf8)
{
    static const char *const spaces[] = {
        " ",
        "\t",
        "\n",
        "\v",
        "\f",
        "\r",
        "\xc2\x85",
        "\xc2\xa0",
        "\xe1\x9a\x80",
        "\xe2\x80\x80",
        "\xe2\x80\x81",
        "\xe2\x80\x82",
        "\xe2\x80\x83",
        "\xe2\x80\x84",
        "\xe2\x80\x85",
        "\xe2\x80\x86",
        "\xe2\x80\x87",
        "\xe2\x80\x88",
        "\xe2\x80\x89",
        "\xe2\x80\x8a",
        "\xe2\x80\xa8",
        "\xe2\x80\xa9",
        "\xe2\x80\xaf",
        "\xe2\x81\x9f",
        "\xe3\x80\x80",
    };
    for (size_t i = 0; i < COUNT(spaces); i++) {
        struct bytes space = bytes_of_text(spaces[i]);
        if (memmem(utf8.data, utf8.length, space.data, space.length))
            return true;
    }
    return false;
}

bool text_has_control(struct bytes text, const char *but)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] < 0x20 && (text.data[i] == 0 || !strchr(but, text.data[i])))
            return true;
    return false;
}
