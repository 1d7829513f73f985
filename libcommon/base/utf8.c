/* utf8: only the second byte's range depends on the first; the rest are plain continuations. */
#include "utf8.h"

static bool between(uint8_t byte, uint8_t low, uint8_t high)
{
    return byte >= low && byte <= high;
}

size_t utf8_step(struct bytes text)
{
    const uint8_t *at = text.data;
    if (text.length == 0)
        return 0;
    if (at[0] < 0x80)
        return 1;
    if (!between(at[0], 0xc2, 0xf4))
        return 0;
    size_t length = at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    if (length > text.length)
        return 0;

    uint8_t low = at[0] == 0xe0 ? 0xa0 : at[0] == 0xf0 ? 0x90 : 0x80;
    uint8_t high = at[0] == 0xed ? 0x9f : at[0] == 0xf4 ? 0x8f : 0xbf;
    if (!between(at[1], low, high))
        return 0;
    for (size_t i = 2; i < length; i++)
        if (!between(at[i], 0x80, 0xbf))
            return 0;
    return length;
}

bool utf8_valid(struct bytes text)
{
    while (text.length > 0) {
        size_t step = utf8_step(text);
        if (step == 0)
            return false;
        text = bytes_of(text.data + step, text.length - step);
    }
    return true;
}
