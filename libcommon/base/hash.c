/* hash: each thread keeps one digest context, because setting one up costs more than hashing the
 * 65 bytes of a Merkle node (210 ns against 150 ns). */
#include "hash.h"

#include "owned.h"

#include <assert.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

DEFINE_OWNED(EVP_PKEY, EVP_PKEY_free)
DEFINE_OWNED(EVP_MD_CTX, EVP_MD_CTX_free)

struct bytes hash_view(const struct hash *hash)
{
    return bytes_of(hash->bytes, sizeof hash->bytes);
}

static void must(bool worked)
{
    if (!worked)
        abort();
}

static pthread_key_t digest_key;
static pthread_once_t digest_once = PTHREAD_ONCE_INIT;
static _Thread_local EVP_MD_CTX *thread_digest;

static void digest_release(void *context)
{
    EVP_MD_CTX_free(context);
}

static void digest_key_new(void)
{
    must(pthread_key_create(&digest_key, digest_release) == 0);
}

static EVP_MD_CTX *digest_begin(void)
{
    if (!thread_digest) {
        pthread_once(&digest_once, digest_key_new);
        thread_digest = EVP_MD_CTX_new();
        must(thread_digest && EVP_DigestInit_ex(thread_digest, EVP_sha256(), NULL) == 1);
        must(pthread_setspecific(digest_key, thread_digest) == 0);
    }
    must(EVP_DigestInit_ex(thread_digest, NULL, NULL) == 1);
    return thread_digest;
}

struct hash hash_sha256_parts(const struct bytes parts[], size_t count)
{
    EVP_MD_CTX *context = digest_begin();
    for (size_t i = 0; i < count; i++)
        must(EVP_DigestUpdate(context, parts[i].data, parts[i].length) == 1);
    struct hash hash;
    must(EVP_DigestFinal_ex(context, hash.bytes, NULL) == 1);
    return hash;
}

struct hash hash_sha256(struct bytes data)
{
    return hash_sha256_parts(&data, 1);
}

struct hash hash_hmac_sha256(struct bytes key, struct bytes data)
{
    assert(key.length <= INT32_MAX);
    struct hash hash;
    const void *secret = key.length ? (const void *)key.data : ""; /* libcrypto refuses NULL */
    must(HMAC(EVP_sha256(), secret, (int)key.length, data.data, data.length, hash.bytes, NULL));
    return hash;
}

bool hash_equal(const struct hash *a, const struct hash *b)
{
    return CRYPTO_memcmp(a->bytes, b->bytes, HASH_BYTES) == 0;
}

bool hash_same_secret(struct bytes a, struct bytes b)
{
    return a.length == b.length && (a.length == 0 || CRYPTO_memcmp(a.data, b.data, a.length) == 0);
}

static EVP_PKEY *private_key(const uint8_t seed[static ED25519_SEED])
{
    EVP_PKEY *pair = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, ED25519_SEED);
    must(pair != NULL);
    return pair;
}

void ed25519_public(const uint8_t seed[static ED25519_SEED],
                    uint8_t ret_public[static ED25519_PUBLIC])
{
    OWNED(EVP_PKEY) *pair = private_key(seed);
    size_t length = ED25519_PUBLIC;
    must(EVP_PKEY_get_raw_public_key(pair, ret_public, &length) == 1 && length == ED25519_PUBLIC);
}

void ed25519_sign(const uint8_t seed[static ED25519_SEED], struct bytes message,
                  uint8_t ret_signature[static ED25519_SIGNATURE])
{
    OWNED(EVP_PKEY) *pair = private_key(seed);
    OWNED(EVP_MD_CTX) *context = EVP_MD_CTX_new();
    size_t length = ED25519_SIGNATURE;
    must(context && EVP_DigestSignInit(context, NULL, NULL, NULL, pair) == 1
         && EVP_DigestSign(context, ret_signature, &length, message.data, message.length) == 1
         && length == ED25519_SIGNATURE);
}

bool ed25519_verify(const uint8_t public_key[static ED25519_PUBLIC], struct bytes message,
                    const uint8_t signature[static ED25519_SIGNATURE])
{
    OWNED(EVP_PKEY) *checker =
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key, ED25519_PUBLIC);
    OWNED(EVP_MD_CTX) *context = EVP_MD_CTX_new();
    must(context != NULL);
    return checker && EVP_DigestVerifyInit(context, NULL, NULL, NULL, checker) == 1
        && EVP_DigestVerify(context, signature, ED25519_SIGNATURE, message.data, message.length)
        == 1;
}

void random_bytes(void *ret_bytes, size_t length)
{
    uint8_t *at = ret_bytes;
    while (length > 0) {
        ssize_t got = getrandom(at, length, 0);
        must(got > 0 || errno == EINTR);
        if (got > 0) {
            at += got;
            length -= (size_t)got;
        }
    }
}
