#include "signature.h"

#include "hash.h"

#include <stdlib.h>
#include <string.h>

enum { timestamp_digits_max = 12, prefix_length = 3, hex_length = 2 * HASH_BYTES };

static bool is_fresh(const char *timestamp, int64_t now_unix_s)
{
    size_t digits = strspn(timestamp, "0123456789");
    if (digits == 0 || digits > timestamp_digits_max || timestamp[digits] != '\0')
        return false;
    int64_t age_s = now_unix_s - strtoll(timestamp, NULL, 10);
    return age_s <= SIGNATURE_AGE_S_MAX && age_s >= -SIGNATURE_AGE_S_MAX;
}

static bool is_formed(const char *signature)
{
    return strlen(signature) == prefix_length + hex_length
        && strncmp(signature, "v0=", prefix_length) == 0
        && strspn(signature + prefix_length, "0123456789abcdef") == hex_length;
}

bool signature_is_good(const char *secret, const char *timestamp, const char *signature,
                       struct bytes body, int64_t now_unix_s)
{
    if (!timestamp || !signature || !is_fresh(timestamp, now_unix_s) || !is_formed(signature))
        return false;
    if (!*secret)
        return true;

    struct buffer base = {0};
    buffer_format(&base, "v0:%s:", timestamp);
    buffer_add(&base, body.data, body.length);
    struct hash right = hash_hmac_sha256(bytes_of_text(secret), buffer_view(&base));
    buffer_done(&base);
    char text[hex_length + 1];
    hex_encode(hash_view(&right), text);
    return hash_same_secret(bytes_of_text(text), bytes_of_text(signature + prefix_length));
}
