/* encoding: hex and base64 of hash.h. Decoding accepts one text per value, so that nothing signed
 * or compared as text has a second spelling (hex alone takes either case). */
#include "hash.h"

#include <string.h>

void hex_encode(struct bytes data, char *text)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < data.length; i++) {
        *text++ = digits[data.data[i] >> 4];
        *text++ = digits[data.data[i] & 15];
    }
    *text = '\0';
}

int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

bool hex_decode(const char *text, uint8_t *ret_bytes, size_t length)
{
    if (strlen(text) != 2 * length)
        return false;
    for (size_t i = 0; i < 2 * length; i++)
        if (hex_value(text[i]) < 0)
            return false;
    for (size_t i = 0; i < length; i++)
        ret_bytes[i] = (uint8_t)(hex_value(text[2 * i]) * 16 + hex_value(text[2 * i + 1]));
    return true;
}

void base64_encode(struct bytes data, struct buffer *text)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    for (size_t i = 0; i < data.length; i += 3) {
        size_t left = data.length - i;
        uint32_t group = (uint32_t)data.data[i] << 16;
        if (left > 1)
            group |= (uint32_t)data.data[i + 1] << 8;
        if (left > 2)
            group |= data.data[i + 2];
        char quad[4] = {digits[group >> 18], digits[group >> 12 & 63],
                        digits[left > 1 ? group >> 6 & 63 : 64],
                        digits[left > 2 ? group & 63 : 64]};
        buffer_add(text, quad, sizeof quad);
    }
}

static int base64_value(uint8_t digit)
{
    if (digit >= 'A' && digit <= 'Z')
        return digit - 'A';
    if (digit >= 'a' && digit <= 'z')
        return digit - 'a' + 26;
    if (digit >= '0' && digit <= '9')
        return digit - '0' + 52;
    if (digit == '+')
        return 62;
    return digit == '/' ? 63 : -1;
}

/* Four digits to `count` bytes, 1 to 3; the digits behind them must be padding, the bits zero. */
static bool decode_quad(const uint8_t quad[static 4], size_t count, uint8_t bytes[static 3])
{
    uint32_t group = 0;
    for (size_t i = 0; i < 4; i++) {
        int value = i <= count ? base64_value(quad[i]) : quad[i] == '=' ? 0 : -1;
        if (value < 0)
            return false;
        group = group << 6 | (uint32_t)value;
    }
    bytes[0] = (uint8_t)(group >> 16);
    bytes[1] = (uint8_t)(group >> 8);
    bytes[2] = (uint8_t)group;
    return (group & ((1U << (8 * (3 - count))) - 1)) == 0;
}

bool base64_decode(struct bytes text, struct buffer *ret_data)
{
    if (text.length % 4 != 0)
        return false;
    size_t before = ret_data->length;
    for (size_t i = 0; i < text.length; i += 4) {
        const uint8_t *quad = text.data + i;
        bool last = i + 4 == text.length;
        size_t count = !last || quad[3] != '=' ? 3 : quad[2] != '=' ? 2 : 1;
        uint8_t bytes[3];
        if (!decode_quad(quad, count, bytes)) {
            ret_data->length = before;
            return false;
        }
        buffer_add(ret_data, bytes, count);
    }
    return true;
}
