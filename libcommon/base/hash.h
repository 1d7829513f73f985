/* hash: digests, signatures and the text forms of bytes; libcrypto behind it.
 *
 * These can't fail on good arguments; libcrypto failing is our own bug or no memory: abort. */
#pragma once

#include "bytes.h"

enum {
    HASH_BYTES = 32,
    ED25519_SEED = 32,
    ED25519_PUBLIC = 32,
    ED25519_SIGNATURE = 64,
};

struct hash {
    uint8_t bytes[HASH_BYTES];
};
struct bytes hash_view(const struct hash *hash);

struct hash hash_sha256(struct bytes data);
/* Over the parts one after another, without joining them. */
struct hash hash_sha256_parts(const struct bytes parts[], size_t count);
struct hash hash_hmac_sha256(struct bytes key, struct bytes data);
bool hash_equal(const struct hash *a, const struct hash *b); /* constant time */
bool hash_same_secret(struct bytes a, struct bytes b);       /* constant time for equal lengths */

void ed25519_public(const uint8_t seed[static ED25519_SEED],
                    uint8_t ret_public[static ED25519_PUBLIC]);
void ed25519_sign(const uint8_t seed[static ED25519_SEED], struct bytes message,
                  uint8_t ret_signature[static ED25519_SIGNATURE]);
bool ed25519_verify(const uint8_t public_key[static ED25519_PUBLIC], struct bytes message,
                    const uint8_t signature[static ED25519_SIGNATURE]);

void random_bytes(void *ret_bytes, size_t length);

/* Lower-case hex; text holds 2 * length + 1. */
void hex_encode(struct bytes data, char *text);
int hex_value(char digit); /* of either case; -1: it is none */
/* Exactly 2 * length hex digits, either case, and nothing else. */
bool hex_decode(const char *text, uint8_t *ret_bytes, size_t length) MUST_CHECK;
/* Standard alphabet with padding, appended. Decode is strict: canonical padding, no space. */
void base64_encode(struct bytes data, struct buffer *text);
bool base64_decode(struct bytes text, struct buffer *ret_data) MUST_CHECK;
