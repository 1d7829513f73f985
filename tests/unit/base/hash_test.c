/* Digests and signatures against published values (FIPS 180-4, RFC 4231, RFC 8032), and every way
 * to spoil a signature. */
#include "hash.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_hash(struct hash hash, const char *expected)
{
    char text[2 * HASH_BYTES + 1];
    hex_encode(hash_view(&hash), text);
    assert_string_equal(text, expected);
}

static void sha256_has_its_published_values(void **state)
{
    (void)state;
    assert_hash(hash_sha256(bytes_of(NULL, 0)),
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_hash(hash_sha256(bytes_of_text("abc")),
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void parts_hash_as_if_joined(void **state)
{
    (void)state;
    const struct bytes parts[] = {bytes_of_text("a"), bytes_of(NULL, 0), bytes_of_text("bc")};
    struct hash joined = hash_sha256(bytes_of_text("abc"));
    struct hash parted = hash_sha256_parts(parts, 3);
    assert_true(hash_equal(&joined, &parted));
    struct hash fewer = hash_sha256_parts(parts, 2);
    assert_false(hash_equal(&joined, &fewer));
}

static void *hash_in_a_thread(void *ret_hash)
{
    *(struct hash *)ret_hash = hash_sha256(bytes_of_text("abc"));
    return NULL;
}

static void each_thread_has_its_own_context_and_leaves_nothing_behind(void **state)
{
    (void)state;
    pthread_t threads[7];
    struct hash hashes[7];
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hash_in_a_thread, &hashes[i]), 0);
    struct hash expected = hash_sha256(bytes_of_text("abc"));
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(hash_equal(&hashes[i], &expected));
    }
}

static void hmac_has_its_published_values(void **state)
{
    (void)state;
    assert_hash(
        hash_hmac_sha256(bytes_of_text("Jefe"), bytes_of_text("what do ya want for nothing?")),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assert_hash(hash_hmac_sha256(bytes_of(NULL, 0), bytes_of(NULL, 0)),
                "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void secrets_are_the_same_only_in_length_and_content(void **state)
{
    (void)state;
    assert_true(hash_same_secret(bytes_of(NULL, 0), bytes_of(NULL, 0)));
    assert_true(hash_same_secret(bytes_of_text("730"), bytes_of_text("730")));
    assert_false(hash_same_secret(bytes_of_text("730"), bytes_of_text("731")));
    assert_false(hash_same_secret(bytes_of_text("730"), bytes_of_text("7300")));
    assert_false(hash_same_secret(bytes_of_text("730"), bytes_of(NULL, 0)));
}

static void random_bytes_fill_the_whole_length(void **state)
{
    (void)state;
    uint8_t seen[1000] = {0};
    for (int round = 0; round < 8; round++) {
        uint8_t bytes[sizeof seen];
        random_bytes(bytes, sizeof bytes);
        for (size_t i = 0; i < sizeof seen; i++)
            seen[i] |= bytes[i];
    }
    for (size_t i = 0; i < sizeof seen; i++)
        assert_int_not_equal(seen[i], 0);
}

/* RFC 8032, 7.1, the first test: its message is empty. */
static const char seed_hex[] = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
static const char public_hex[] = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
static const char signature_hex[] = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901"
                                    "555fb8821590a33bacc61e39701cf9b46b"
                                    "d25bf5f0595bbe24655141438e7a100b";

struct signing {
    uint8_t seed[ED25519_SEED], public_key[ED25519_PUBLIC], signature[ED25519_SIGNATURE];
};

static struct signing published(void)
{
    struct signing signing;
    assert_true(hex_decode(seed_hex, signing.seed, sizeof signing.seed));
    assert_true(hex_decode(public_hex, signing.public_key, sizeof signing.public_key));
    assert_true(hex_decode(signature_hex, signing.signature, sizeof signing.signature));
    return signing;
}

static void ed25519_has_its_published_values(void **state)
{
    (void)state;
    struct signing known = published(), made;
    ed25519_public(known.seed, made.public_key);
    ed25519_sign(known.seed, bytes_of(NULL, 0), made.signature);
    assert_memory_equal(made.public_key, known.public_key, sizeof made.public_key);
    assert_memory_equal(made.signature, known.signature, sizeof made.signature);
    assert_true(ed25519_verify(known.public_key, bytes_of(NULL, 0), known.signature));
}

static void any_flipped_bit_spoils_a_signature(void **state)
{
    (void)state;
    struct signing signing = published();
    uint8_t message[] = "aelp2.example/log\n730\n";
    struct bytes body = bytes_of(message, sizeof message);
    ed25519_sign(signing.seed, body, signing.signature);
    assert_true(ed25519_verify(signing.public_key, body, signing.signature));
    assert_false(ed25519_verify(signing.public_key, bytes_of(message, 3), signing.signature));

    const struct {
        uint8_t *bytes;
        size_t length;
    } parts[] = {
        {signing.signature,  sizeof signing.signature },
        {signing.public_key, sizeof signing.public_key},
        {message,            sizeof message           },
    };
    for (size_t part = 0; part < 3; part++)
        for (size_t bit = 0; bit < 8 * parts[part].length; bit++) {
            parts[part].bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
            assert_false(ed25519_verify(signing.public_key, body, signing.signature));
            parts[part].bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
}

/* The scalar S must be below the group's order: S + order would verify for the same message. */
static void a_signature_has_no_second_form(void **state)
{
    (void)state;
    static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                      0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                      0,    0,    0,    0,    0,    0,    0,    0,
                                      0,    0,    0,    0,    0,    0,    0,    0x10};
    struct signing signing = published();
    unsigned carry = 0;
    for (size_t i = 0; i < 32; i++) {
        carry += (unsigned)signing.signature[32 + i] + order[i];
        signing.signature[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    assert_false(ed25519_verify(signing.public_key, bytes_of(NULL, 0), signing.signature));
}

static void zero_and_full_signatures_and_keys_are_refused(void **state)
{
    (void)state;
    struct signing signing = published();
    static const uint8_t fills[] = {0x00, 0xff};
    for (size_t i = 0; i < 2; i++) {
        uint8_t filled[ED25519_SIGNATURE];
        memset(filled, fills[i], sizeof filled);
        assert_false(ed25519_verify(signing.public_key, bytes_of(NULL, 0), filled));
        assert_false(ed25519_verify(filled, bytes_of(NULL, 0), signing.signature));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_has_its_published_values),
        cmocka_unit_test(parts_hash_as_if_joined),
        cmocka_unit_test(each_thread_has_its_own_context_and_leaves_nothing_behind),
        cmocka_unit_test(hmac_has_its_published_values),
        cmocka_unit_test(secrets_are_the_same_only_in_length_and_content),
        cmocka_unit_test(random_bytes_fill_the_whole_length),
        cmocka_unit_test(ed25519_has_its_published_values),
        cmocka_unit_test(any_flipped_bit_spoils_a_signature),
        cmocka_unit_test(a_signature_has_no_second_form),
        cmocka_unit_test(zero_and_full_signatures_and_keys_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
