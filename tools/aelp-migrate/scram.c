#include "scram.h"

#include "hash.h"

#include <stdio.h>

enum { iterations = 4096, salt_bytes = 16 };

/* Hi(password, salt, i) of RFC 5802: U1 xor U2 xor ... */
static struct hash salted_password(struct bytes password, const uint8_t salt[static salt_bytes])
{
    uint8_t first[salt_bytes + 4] = {[salt_bytes + 3] = 1};
    for (int i = 0; i < salt_bytes; i++)
        first[i] = salt[i];
    struct hash last = hash_hmac_sha256(password, bytes_of(first, sizeof first));
    struct hash result = last;
    for (int i = 1; i < iterations; i++) {
        last = hash_hmac_sha256(password, hash_view(&last));
        for (int k = 0; k < HASH_BYTES; k++)
            result.bytes[k] ^= last.bytes[k];
    }
    return result;
}

void scram_verifier(const char *role, const char *password, struct buffer *ret_verifier)
{
    struct bytes secret = bytes_of_text(password);
    struct hash salt = hash_hmac_sha256(secret, bytes_of_text(role));
    struct hash salted = salted_password(secret, salt.bytes);
    struct bytes key = hash_view(&salted);
    struct hash client = hash_hmac_sha256(key, bytes_of_text("Client Key"));
    struct hash stored = hash_sha256(hash_view(&client));
    struct hash server = hash_hmac_sha256(key, bytes_of_text("Server Key"));

    buffer_format(ret_verifier, "SCRAM-SHA-256$%d:", iterations);
    base64_encode(bytes_of(salt.bytes, salt_bytes), ret_verifier);
    buffer_add_text(ret_verifier, "$");
    base64_encode(hash_view(&stored), ret_verifier);
    buffer_add_text(ret_verifier, ":");
    base64_encode(hash_view(&server), ret_verifier);
}
