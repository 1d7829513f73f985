#include "share.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

__extension__ typedef __int128 wide;

bool share_within(int64_t part, int64_t whole, int64_t bp)
{
    assert(part >= 0 && whole >= 0 && bp >= 0);
    return (wide)part * 10000 <= (wide)whole * bp;
}

int64_t share_most(int64_t whole, int64_t bp)
{
    assert(whole >= 0 && bp >= 0);
    wide most = (wide)whole * bp / 10000;
    return most > INT64_MAX ? INT64_MAX : (int64_t)most;
}

double share_percent(int64_t part, int64_t whole)
{
    return part == 0 ? 0 : 100.0 * (double)part / (double)whole;
}

const char *share_bp_text(struct arena *arena, int64_t bp)
{
    if (bp % 100 == 0)
        return arena_format(arena, "%lld %%", (long long)(bp / 100));
    if (bp % 10 == 0)
        return arena_format(arena, "%lld.%lld %%", (long long)(bp / 100),
                            (long long)(bp / 10 % 10));
    return arena_format(arena, "%lld.%02lld %%", (long long)(bp / 100), (long long)(bp % 100));
}

const char *share_text(struct arena *arena, int64_t part, int64_t whole)
{
    assert(part >= 0 && whole >= 0);
    if (whole == 0)
        return share_bp_text(arena, part == 0 ? 0 : 10000);
    wide bp = ((wide)part * 10000 + whole - 1) / whole;
    return share_bp_text(arena, bp > INT64_MAX ? INT64_MAX : (int64_t)bp);
}

/* Digits of whole units with a comma before each three, most significant first. */
static void group_digits(uint64_t number, char text[static 32])
{
    char plain[24];
    int length = snprintf(plain, sizeof plain, "%llu", (unsigned long long)number);
    int at = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text[at++] = ',';
        text[at++] = plain[i];
    }
    text[at] = '\0';
}

const char *money_text(struct arena *arena, int64_t micros, const char *currency,
                       int64_t unit_micros)
{
    static const struct {
        const char *currency, *sign;
    } signs[] = {
        {"USD", "$"  },
        {"EUR", "€"},
        {"GBP", "£" },
    };
    assert(micros >= 0);
    char whole[32], part[8] = "";
    group_digits((uint64_t)micros / 1000000, whole);
    uint64_t micro_part = (uint64_t)micros % 1000000;
    if (micro_part % 10000 != 0)
        snprintf(part, sizeof part, ".%06u", (unsigned)micro_part);
    else if (micro_part != 0 || unit_micros < 1000000)
        snprintf(part, sizeof part, ".%02u", (unsigned)(micro_part / 10000));

    for (size_t i = 0; i < COUNT(signs); i++)
        if (strcmp(currency, signs[i].currency) == 0)
            return arena_format(arena, "%s%s%s", signs[i].sign, whole, part);
    return arena_format(arena, "%s%s %s", whole, part, currency);
}
