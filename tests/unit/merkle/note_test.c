/* Notes and cosignatures: the published vectors, what must be refused, what must be ignored. */
#include "note.h"

#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The key and note of the reference implementation's documentation. */
static const char peter_key[] =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
static const char peter_seed[] = "810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173";
#define PETER_TEXT                                               \
    "If you think cryptography is the answer to your problem,\n" \
    "then you don't know what your problem is.\n"
#define PETER_LINE                                                                       \
    "\xe2\x80\x94 PeterNeumann "                                                         \
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6" \
    "RyyBwJnAM=\n"

static const uint8_t seed_a[ED25519_SEED] = {0xa1, 7}, seed_b[ED25519_SEED] = {0xb2, 9};

static struct note_signer signer_of(const char *name, enum note_key_type type,
                                    const uint8_t seed[static ED25519_SEED])
{
    struct note_signer signer;
    struct err err = {0};
    assert_true(note_signer_make(name, type, seed, &signer, &err));
    return signer;
}

static bool parse(const char *text, struct note *ret_note)
{
    struct err err = {0};
    bool good = note_parse(bytes_of_text(text), ret_note, &err);
    assert_int_equal(err.kind, good ? ERR_NONE : ERR_REJECT);
    return good;
}

static bool verify(const struct note *note, const struct note_key *keys, size_t count,
                   struct note_seen *ret_seen)
{
    struct err err = {0};
    bool good = note_verify(note, keys, count, ret_seen, &err);
    assert_int_equal(err.kind, good ? ERR_NONE : ERR_REJECT);
    return good;
}

static struct note_key key_of(const char *text)
{
    struct note_key key;
    struct err err = {0};
    assert_true(note_key_parse(text, &key, &err));
    return key;
}

static void the_published_note_verifies(void **state)
{
    (void)state;
    struct note_key key = key_of(peter_key);
    struct note note;
    struct note_seen seen;
    assert_true(parse(PETER_TEXT "\n" PETER_LINE, &note));
    assert_true(bytes_equal(note.text, bytes_of_text(PETER_TEXT)));
    assert_true(verify(&note, &key, 1, &seen));
    assert_true(seen.verified);
}

static void signing_reproduces_the_published_note(void **state)
{
    (void)state;
    uint8_t seed[ED25519_SEED];
    struct buffer lines = {0}, key = {0};
    assert_true(hex_decode(peter_seed, seed, sizeof seed));
    struct note_signer signer = signer_of("PeterNeumann", NOTE_ED25519, seed);
    note_sign(&signer, bytes_of_text(PETER_TEXT), 0, &lines);
    assert_string_equal((const char *)lines.data, PETER_LINE);
    note_key_format(&signer.key, &key);
    assert_string_equal((const char *)key.data, peter_key);
    buffer_done(&lines);
    buffer_done(&key);
}

static void the_specifications_cosignature_key_id_is_ours(void **state)
{
    (void)state;
    uint8_t seed[ED25519_SEED] = {4};
    struct note_signer cosigner = signer_of("witness.example.com/w1", NOTE_COSIGNATURE, seed);
    struct note_signer plain = signer_of("witness.example.com/w1", NOTE_ED25519, seed);
    uint8_t bytes[64] = "witness.example.com/w1\n\x04";
    memcpy(bytes + 24, cosigner.key.public_key, ED25519_PUBLIC);
    struct hash hash = hash_sha256(bytes_of(bytes, 24 + ED25519_PUBLIC));
    uint32_t id = (uint32_t)hash.bytes[0] << 24 | (uint32_t)hash.bytes[1] << 16
        | (uint32_t)hash.bytes[2] << 8 | hash.bytes[3];
    assert_int_equal(cosigner.key.id, id);
    assert_int_not_equal(plain.key.id, id);
}

static void no_mangled_key_is_accepted(void **state)
{
    (void)state;
    size_t length = strlen(peter_key);
    struct note_key key;
    struct err err = {0};
    char text[128];
    for (size_t start = 0; start <= length; start++)
        for (size_t end = start; end <= length; end++) {
            if (start == 0 && end == length)
                continue;
            memcpy(text, peter_key + start, end - start);
            text[end - start] = '\0';
            assert_false(note_key_parse(text, &key, &err));
        }
    for (size_t i = 0; i < length; i++) {
        memcpy(text, peter_key, length + 1);
        text[i]++;
        assert_false(note_key_parse(text, &key, &err));
    }
}

static void keys_of_other_kinds_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    };
    struct note_key key;
    struct err err = {0};
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(note_key_parse(bad[i], &key, &err));
}

static void names_with_spaces_plus_or_nothing_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",          "a b",          "a+b",           "a\nb",     "a\tb",
        "a\xc2\xa0", "\xe2\x80\x89", "\xe3\x80\x80x", "\xff\xfe", "a\x01",
    };
    struct note_signer signer;
    struct err err = {0};
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(note_signer_make(bad[i], NOTE_ED25519, seed_a, &signer, &err));
    assert_true(
        note_signer_make("m\xc3\xbcnchen.example/log", NOTE_ED25519, seed_a, &signer, &err));
}

static void malformed_notes_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "\n",
        "\n\n",
        PETER_TEXT,
        PETER_TEXT "\n",
        PETER_TEXT PETER_LINE,
        "\n" PETER_LINE,
        PETER_TEXT "\n\n"
                   "no dash\n",
        PETER_TEXT "\n" PETER_LINE "trailing\n",
        PETER_TEXT "\n" PETER_LINE "\n",
        PETER_TEXT "\n"
                   "-- PeterNeumann x08go/ZJkuBS\n",
        PETER_TEXT "\n"
                   "\xe2\x80\x94PeterNeumann x08go/ZJkuBS\n",
        PETER_TEXT "\n"
                   "\xe2\x80\x94 PeterNeumann\n",
        PETER_TEXT "\n"
                   "\xe2\x80\x94 PeterNeumann \n",
        PETER_TEXT "\n"
                   "\xe2\x80\x94 PeterNeumann x08g\n",
        PETER_TEXT "\n"
                   "\xe2\x80\x94 PeterNeumann x08goA==\n",
        PETER_TEXT "\n"
                   "\xe2\x80\x94 PeterNeumann x08go/ZJ kuBS\n",
        PETER_TEXT "\n"
                   "\xe2\x80\x94 PeterNeumann x08go/ZJkuB\n",
        PETER_TEXT "\n"
                   "\xe2\x80\x94 PeterNeumann !08go/ZJkuBS\n",
        PETER_TEXT "\n"
                   "\xe2\x80\x94  x08go/ZJkuBS\n",
        PETER_TEXT "\n"
                   "\xe2\x80\x94 Peter+Neumann x08go/ZJkuBS\n",
        PETER_TEXT "\n"
                   "\xe2\x80\x94 Peter\xe2\x80\x83Neumann x08go/ZJkuBS\n",
        PETER_TEXT "\x01\n\n" PETER_LINE,
        PETER_TEXT "\r\n\n" PETER_LINE,
        PETER_TEXT "\tx\n\n" PETER_LINE,
        PETER_TEXT "\xff\n\n" PETER_LINE,
        PETER_TEXT "\xed\xa0\x80\n\n" PETER_LINE,
        PETER_TEXT "\xc0\xaf\n\n" PETER_LINE,
    };
    struct note note;
    for (size_t i = 0; i < COUNT(bad); i++)
        if (parse(bad[i], &note))
            fail_msg("case %zu was accepted", i);
    struct err err = {0};
    const char nul[] = PETER_TEXT "a\0b\n\n" PETER_LINE;
    assert_false(note_parse(bytes_of(nul, sizeof nul - 1), &note, &err));
    const char no_newline[] = PETER_TEXT "\n" PETER_LINE;
    assert_false(note_parse(bytes_of(no_newline, sizeof no_newline - 2), &note, &err));
}

static void text_may_have_empty_lines_and_ends_at_the_last_one(void **state)
{
    (void)state;
    struct note note;
    assert_true(parse("a\n\nb\n\n" PETER_LINE, &note));
    assert_true(bytes_equal(note.text, bytes_of_text("a\n\nb\n")));
}

static void a_hundred_signatures_are_accepted_and_one_more_is_not(void **state)
{
    (void)state;
    struct buffer text = {0};
    struct note note;
    buffer_add_text(&text, PETER_TEXT "\n");
    for (int i = 0; i < NOTE_SIGNATURES_MAX; i++)
        buffer_add_text(&text, PETER_LINE);
    assert_true(parse((const char *)text.data, &note));
    assert_int_equal(note.signature_count, 100);
    buffer_add_text(&text, PETER_LINE);
    assert_false(parse((const char *)text.data, &note));
    buffer_done(&text);
}

static void a_note_that_is_too_long_is_refused(void **state)
{
    (void)state;
    struct buffer text = {0};
    struct note note;
    for (int i = 0; i < NOTE_BYTES_MAX / 8; i++)
        buffer_add_text(&text, "1234567\n");
    buffer_add_text(&text, "\n" PETER_LINE);
    assert_false(parse((const char *)text.data, &note));
    buffer_done(&text);
}

static void every_changed_byte_of_a_signed_note_is_noticed(void **state)
{
    (void)state;
    static const char good[] = PETER_TEXT "\n" PETER_LINE;
    struct note_key key = key_of(peter_key);
    char text[sizeof good];
    for (size_t i = 0; i < sizeof good - 1; i++) {
        struct note note;
        struct note_seen seen;
        memcpy(text, good, sizeof good);
        text[i] ^= 0x01;
        if (parse(text, &note))
            assert_false(verify(&note, &key, 1, &seen));
    }
}

static void unknown_keys_are_ignored_even_with_a_known_name_or_id(void **state)
{
    (void)state;
    struct note_key peter = key_of(peter_key);
    struct note_signer stranger = signer_of("PeterNeumann", NOTE_ED25519, seed_a);
    struct note_key twin = peter; /* same id, other name */
    memcpy(twin.name, "EnochRoot", sizeof "EnochRoot");
    struct buffer text = {0};
    struct note note;
    struct note_seen seen[2];
    buffer_add_text(&text, PETER_TEXT "\n");
    note_sign(&stranger, bytes_of_text("something else\n"), 0, &text);
    buffer_add_text(&text, PETER_LINE);
    assert_true(parse((const char *)text.data, &note));
    assert_true(verify(&note, (struct note_key[]){peter, twin}, 2, seen));
    assert_true(seen[0].verified);
    assert_false(seen[1].verified);
    assert_false(verify(&note, &twin, 1, seen));
    buffer_done(&text);
}

static void a_known_key_that_fails_condemns_the_note(void **state)
{
    (void)state;
    struct note_signer a = signer_of("a.example", NOTE_ED25519, seed_a);
    struct note_signer b = signer_of("b.example", NOTE_ED25519, seed_b);
    struct buffer text = {0};
    struct note note;
    struct note_seen seen[2];
    buffer_add_text(&text, PETER_TEXT "\n");
    note_sign(&a, bytes_of_text(PETER_TEXT), 0, &text);
    note_sign(&b, bytes_of_text("something else\n"), 0, &text);
    assert_true(parse((const char *)text.data, &note));
    assert_true(verify(&note, &a.key, 1, seen));
    assert_false(verify(&note, (struct note_key[]){a.key, b.key}, 2, seen));
    buffer_done(&text);
}

static void a_note_without_a_known_key_is_refused(void **state)
{
    (void)state;
    struct note_signer a = signer_of("a.example", NOTE_ED25519, seed_a);
    struct note note;
    struct note_seen seen;
    assert_true(parse(PETER_TEXT "\n" PETER_LINE, &note));
    assert_false(verify(&note, &a.key, 1, &seen));
    assert_false(verify(&note, NULL, 0, &seen));
}

static void a_cosignature_carries_its_time_and_binds_it(void **state)
{
    (void)state;
    struct note_signer witness = signer_of("w.example/1", NOTE_COSIGNATURE, seed_b);
    struct buffer line = {0}, message = {0}, blob = {0}, text = {0};
    note_sign(&witness, bytes_of_text(PETER_TEXT), 1679315147, &line);

    const char *base64 = strrchr((const char *)line.data, ' ') + 1;
    assert_true(base64_decode(bytes_of(base64, strlen(base64) - 1), &blob));
    assert_int_equal(blob.length, 4 + 8 + ED25519_SIGNATURE);
    assert_memory_equal(blob.data + 4, "\0\0\0\0\x64\x18\x50\xcb", 8);
    buffer_add_text(&message, "cosignature/v1\ntime 1679315147\n" PETER_TEXT);
    assert_true(ed25519_verify(witness.key.public_key, buffer_view(&message), blob.data + 12));

    struct note note;
    struct note_seen seen;
    buffer_format(&text, "%s\n%s", PETER_TEXT, line.data);
    assert_true(parse((const char *)text.data, &note));
    assert_true(verify(&note, &witness.key, 1, &seen));
    assert_true(seen.unix_s == 1679315147);
    for (size_t i = 4; i < blob.length; i++) { /* time and signature, each byte */
        blob.data[i] ^= 0x40;
        buffer_clear(&text);
        buffer_format(&text, "%s\n\xe2\x80\x94 w.example/1 ", PETER_TEXT);
        base64_encode(buffer_view(&blob), &text);
        buffer_add_text(&text, "\n");
        assert_true(parse((const char *)text.data, &note));
        assert_false(verify(&note, &witness.key, 1, &seen));
        blob.data[i] ^= 0x40;
    }
    buffer_done(&line);
    buffer_done(&message);
    buffer_done(&blob);
    buffer_done(&text);
}

static void a_plain_signature_is_no_cosignature_of_the_same_key(void **state)
{
    (void)state;
    struct note_signer plain = signer_of("w.example/1", NOTE_ED25519, seed_b);
    struct note_signer cosigner = signer_of("w.example/1", NOTE_COSIGNATURE, seed_b);
    struct buffer text = {0};
    struct note note;
    struct note_seen seen;
    buffer_add_text(&text, PETER_TEXT "\n");
    note_sign(&plain, bytes_of_text(PETER_TEXT), 0, &text);
    assert_true(parse((const char *)text.data, &note));
    assert_true(verify(&note, &plain.key, 1, &seen));
    assert_false(verify(&note, &cosigner.key, 1, &seen));
    buffer_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_note_verifies),
        cmocka_unit_test(signing_reproduces_the_published_note),
        cmocka_unit_test(the_specifications_cosignature_key_id_is_ours),
        cmocka_unit_test(no_mangled_key_is_accepted),
        cmocka_unit_test(keys_of_other_kinds_are_refused),
        cmocka_unit_test(names_with_spaces_plus_or_nothing_are_refused),
        cmocka_unit_test(malformed_notes_are_refused),
        cmocka_unit_test(text_may_have_empty_lines_and_ends_at_the_last_one),
        cmocka_unit_test(a_hundred_signatures_are_accepted_and_one_more_is_not),
        cmocka_unit_test(a_note_that_is_too_long_is_refused),
        cmocka_unit_test(every_changed_byte_of_a_signed_note_is_noticed),
        cmocka_unit_test(unknown_keys_are_ignored_even_with_a_known_name_or_id),
        cmocka_unit_test(a_known_key_that_fails_condemns_the_note),
        cmocka_unit_test(a_note_without_a_known_key_is_refused),
        cmocka_unit_test(a_cosignature_carries_its_time_and_binds_it),
        cmocka_unit_test(a_plain_signature_is_no_cosignature_of_the_same_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
