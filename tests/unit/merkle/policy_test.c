/* Policies: every set of cosignatures against every quorum; texts that must be refused. */
#include "policy.h"

#include "signed_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct signed_log *log_of(void **state)
{
    return *state;
}

static int make_log(void **state)
{
    *state = signed_log_new(7);
    return 0;
}

static int free_log(void **state)
{
    signed_log_free(*state);
    return 0;
}

static bool parse(struct signed_log *log, const char *lines, struct policy *ret_policy)
{
    struct buffer text = {0};
    struct err err = {0};
    signed_log_policy(log, lines, &text);
    bool good = policy_parse(buffer_view(&text), ret_policy, &err);
    assert_int_equal(err.kind, good ? ERR_NONE : ERR_REJECT);
    buffer_done(&text);
    return good;
}

static void a_quorum_is_met_by_exactly_the_sets_that_meet_it(void **state)
{
    struct signed_log *log = log_of(state);
    static const struct {
        const char *lines;
        bool met[8]; /* by the witnesses whose bits are set in the place */
    } cases[] = {
        {"quorum none\n",                                  {1, 1, 1, 1, 1, 1, 1, 1}},
        {"quorum b\n",                                     {0, 0, 1, 1, 0, 0, 1, 1}},
        {"group g any a b\nquorum g\n",                    {0, 1, 1, 1, 0, 1, 1, 1}},
        {"group g all a b c\nquorum g\n",                  {0, 0, 0, 0, 0, 0, 0, 1}},
        {"group g 2 a b c\nquorum g\n",                    {0, 0, 0, 1, 0, 1, 1, 1}},
        {"group ab all a b\ngroup g any ab c\nquorum g\n", {0, 0, 0, 1, 1, 1, 1, 1}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct policy policy;
        assert_true(parse(log, cases[i].lines, &policy));
        for (unsigned set = 0; set < 8; set++) {
            struct buffer text = {0};
            struct note note;
            struct err err = {0};
            signed_log_checkpoint(log, set, &text);
            assert_true(note_parse(buffer_view(&text), &note, &err));
            assert_int_equal(policy_accepts(&policy, &note, &err), cases[i].met[set]);
            buffer_done(&text);
        }
    }
}

static void witnesses_do_not_replace_the_log(void **state)
{
    struct signed_log *log = log_of(state);
    struct policy policy;
    struct buffer text = {0};
    struct note note;
    struct err err = {0};
    assert_true(parse(log, "quorum none\n", &policy));
    buffer_add_text(&text, "aelp.example/log\n7\n\n");
    note_sign(&log->witness[0], bytes_of(text.data, text.length - 1), 1, &text);
    assert_true(note_parse(buffer_view(&text), &note, &err));
    assert_false(policy_accepts(&policy, &note, &err));
    assert_string_equal(err.text, "the log aelp.example/log has not signed");
    buffer_done(&text);
}

static void a_policy_made_in_code_is_the_one_with_a_single_witness(void **state)
{
    struct signed_log *log = log_of(state);
    struct policy with, without;
    struct err err = {0};
    policy_of(&log->log.key, &log->witness[1].key, &with);
    policy_of(&log->log.key, NULL, &without);
    for (unsigned set = 0; set < 8; set++) {
        struct buffer text = {0};
        struct note note;
        signed_log_checkpoint(log, set, &text);
        assert_true(note_parse(buffer_view(&text), &note, &err));
        assert_int_equal(policy_accepts(&with, &note, &err), set >> 1 & 1);
        assert_true(policy_accepts(&without, &note, &err));
        buffer_done(&text);
    }
}

static void unclear_policies_are_refused(void **state)
{
    struct signed_log *log = log_of(state);
    static const char *const bad[] = {
        "",
        "quorum\n",
        "quorum d\n",
        "quorum none",
        "quorum none\nquorum none\n",
        "group g any\nquorum g\n",
        "group g 0 a b\nquorum g\n",
        "group g 3 a b\nquorum g\n",
        "group g 02 a b\nquorum g\n",
        "group g 2 a a\nquorum g\n",
        "group g any g\nquorum g\n",
        "group g any later\ngroup later any a\nquorum g\n",
        "group a any b\nquorum a\n",
        "group none any b\nquorum none\n",
        "log aelp.example/x+11111111+AAAA\nquorum none\n",
        "witness d\nquorum none\n",
        "witness d w.example+00000000+BAAA\nquorum none\n",
        "nonsense\nquorum none\n",
        "quorum \x01\n",
    };
    struct policy policy;
    for (size_t i = 0; i < COUNT(bad); i++)
        if (parse(log, bad[i], &policy))
            fail_msg("case %zu was accepted", i);
}

static void one_key_under_two_names_is_refused(void **state)
{
    struct signed_log *log = log_of(state);
    struct note_signer twin = signed_log_key("twin.example", NOTE_COSIGNATURE, 2);
    struct note_signer self = signed_log_key("self.example", NOTE_COSIGNATURE, 1);
    const struct note_signer *signers[] = {&twin, &self};
    for (size_t i = 0; i < COUNT(signers); i++) {
        struct buffer lines = {0};
        struct policy policy;
        buffer_add_text(&lines, "witness d ");
        note_key_format(&signers[i]->key, &lines);
        buffer_add_text(&lines, "\ngroup g 2 a d\nquorum g\n");
        assert_false(parse(log, (const char *)lines.data, &policy));
        buffer_done(&lines);
    }
}

static void a_log_key_is_no_witness_key(void **state)
{
    struct signed_log *log = log_of(state);
    struct note_signer plain = signed_log_key("plain.example", NOTE_ED25519, 9);
    struct buffer lines = {0};
    struct policy policy;
    buffer_add_text(&lines, "witness d ");
    note_key_format(&plain.key, &lines);
    buffer_add_text(&lines, "\nquorum d\n");
    assert_false(parse(log, (const char *)lines.data, &policy));
    buffer_done(&lines);
}

static void more_names_than_there_is_room_for_are_refused(void **state)
{
    struct signed_log *log = log_of(state);
    struct buffer lines = {0};
    struct policy policy;
    for (int i = 0; i < POLICY_NAMES_MAX - 3; i++)
        buffer_format(&lines, "group g%d any a\n", i);
    buffer_add_text(&lines, "quorum g3\n");
    assert_true(parse(log, (const char *)lines.data, &policy));
    buffer_add_text(&lines, "group more any a\n");
    assert_false(parse(log, (const char *)lines.data, &policy));
    buffer_done(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quorum_is_met_by_exactly_the_sets_that_meet_it),
        cmocka_unit_test(witnesses_do_not_replace_the_log),
        cmocka_unit_test(a_policy_made_in_code_is_the_one_with_a_single_witness),
        cmocka_unit_test(unclear_policies_are_refused),
        cmocka_unit_test(one_key_under_two_names_is_refused),
        cmocka_unit_test(a_log_key_is_no_witness_key),
        cmocka_unit_test(more_names_than_there_is_room_for_are_refused),
    };
    return cmocka_run_group_tests(tests, make_log, free_log);
}
