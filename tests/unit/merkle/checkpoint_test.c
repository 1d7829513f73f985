/* Checkpoints: what is written is what the specification shows, what is not exact is refused. */
#include "checkpoint.h"

#include "mem.h"
#include "verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

static const uint8_t seed[ED25519_SEED] = {0x5e, 0xed};

static bool parse(const char *text, struct checkpoint *ret_checkpoint)
{
    struct err err = {0};
    bool good = checkpoint_parse(bytes_of_text(text), ret_checkpoint, &err);
    assert_int_equal(err.kind, good ? ERR_NONE : ERR_REJECT);
    return good;
}

static void the_specifications_example_reads_and_writes_back(void **state)
{
    (void)state;
    static const char text[] = "example.com/behind-the-sofa\n20852163\n" ROOT "\n";
    struct checkpoint checkpoint;
    struct buffer again = {0};
    assert_true(parse(text, &checkpoint));
    assert_true(bytes_equal(checkpoint.origin, bytes_of_text("example.com/behind-the-sofa")));
    assert_int_equal(checkpoint.size, 20852163);
    assert_int_equal(checkpoint.root.bytes[0], 0x0a);
    assert_int_equal(checkpoint.extension.length, 0);
    checkpoint_format(&checkpoint, &again);
    assert_string_equal((const char *)again.data, text);
    buffer_done(&again);
}

static void extension_lines_are_kept(void **state)
{
    (void)state;
    static const char text[] = "log\n0\n" ROOT "\nextra one\nextra two\n";
    struct checkpoint checkpoint;
    struct buffer again = {0};
    assert_true(parse(text, &checkpoint));
    assert_true(bytes_equal(checkpoint.extension, bytes_of_text("extra one\nextra two\n")));
    checkpoint_format(&checkpoint, &again);
    assert_string_equal((const char *)again.data, text);
    buffer_done(&again);
}

static void what_is_not_exact_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "log",
        "\n1\n" ROOT "\n",
        "log\n\n" ROOT "\n",
        "log\n01\n" ROOT "\n",
        "log\n+1\n" ROOT "\n",
        "log\n-1\n" ROOT "\n",
        "log\n1 \n" ROOT "\n",
        "log\n0x1\n" ROOT "\n",
        "log\n9223372036854775808\n" ROOT "\n",
        "log\n18446744073709551617\n" ROOT "\n",
        "log\n1\n",
        "log\n1\n\n",
        "log\n1\n" ROOT,
        "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n",
        "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n",
        "log\n1\n CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "log\n1\n" ROOT "\n\n",
        "log\n1\n" ROOT "\na\n\nb\n",
        "log\n1\n" ROOT "\nunfinished",
    };
    struct checkpoint checkpoint;
    for (size_t i = 0; i < COUNT(bad); i++)
        if (parse(bad[i], &checkpoint))
            fail_msg("case %zu was accepted", i);
    assert_true(parse("log\n9223372036854775807\n" ROOT "\n", &checkpoint));
}

static void a_signed_checkpoint_opens_only_with_its_logs_key_and_origin(void **state)
{
    (void)state;
    struct note_signer log, other;
    struct checkpoint checkpoint;
    struct buffer note = {0}, forged = {0};
    struct err err = {0};
    struct hash root = {{0x77}};
    assert_true(note_signer_make("log.example/a", NOTE_ED25519, seed, &log, &err));
    assert_true(note_signer_make("log.example/b", NOTE_ED25519, seed, &other, &err));

    checkpoint_sign(&log, 4650, &root, &note);
    assert_true(checkpoint_open(buffer_view(&note), &log.key, &checkpoint, &err));
    assert_int_equal(checkpoint.size, 4650);
    assert_memory_equal(checkpoint.root.bytes, root.bytes, HASH_BYTES);
    assert_false(checkpoint_open(buffer_view(&note), &other.key, &checkpoint, &err));

    /* Log b's name as origin under log a's signature. */
    static const char text[] = "log.example/b\n4650\n" ROOT "\n";
    buffer_format(&forged, "%s\n", text);
    note_sign(&log, bytes_of_text(text), 0, &forged);
    assert_false(checkpoint_open(buffer_view(&forged), &log.key, &checkpoint, &err));
    buffer_done(&note);
    buffer_done(&forged);
}

static void a_minimum_index_is_never_a_checkpoint_nor_the_reverse(void **state)
{
    (void)state;
    struct note_signer log;
    struct checkpoint checkpoint;
    struct buffer note = {0}, minimum = {0};
    struct err err = {0};
    struct hash root = {{0x77}};
    uint64_t index = 0;
    assert_true(note_signer_make("log.example/a", NOTE_ED25519, seed, &log, &err));
    checkpoint_sign(&log, 4650, &root, &note);
    minimum_sign(&log, 730, &minimum);
    assert_true(minimum_open(buffer_view(&minimum), &log.key, &index, &err));
    assert_int_equal(index, 730);
    assert_false(minimum_open(buffer_view(&note), &log.key, &index, &err));
    assert_false(checkpoint_open(buffer_view(&minimum), &log.key, &checkpoint, &err));
    buffer_done(&note);
    buffer_done(&minimum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_specifications_example_reads_and_writes_back),
        cmocka_unit_test(extension_lines_are_kept),
        cmocka_unit_test(what_is_not_exact_is_refused),
        cmocka_unit_test(a_signed_checkpoint_opens_only_with_its_logs_key_and_origin),
        cmocka_unit_test(a_minimum_index_is_never_a_checkpoint_nor_the_reverse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
