/* ack: both forms of the reply subject, and what must not pass for one. */
#include "ack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char short_form[] = "$JS.ACK.SAGA.guardrail_saga_proposed_all.3.730.4650.1700000000."
                                 "17";
static const char long_form[] = "$JS.ACK._.ABCDEF.SAGA.guardrail_saga_proposed_all.3.730.4650."
                                "1700000000.17.xyz";
static const char domain_form[] = "$JS.ACK.hub.ABCDEF.SAGA.guardrail_saga_proposed_all.3.730.4650."
                                  "1700000000.17";

static void every_form_names_consumer_and_sequence(void **state)
{
    static const char *const forms[] = {short_form, long_form, domain_form};
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct ack ack = {0};
        assert_true(ack_parse(forms[i], &ack));
        assert_true(ack_is_from(&ack, "guardrail_saga_proposed_all"));
        assert_int_equal(ack.stream_length, 4);
        assert_memory_equal(ack.stream, "SAGA", 4);
        assert_int_equal(ack.deliveries, 3);
        assert_int_equal(ack.sequence, 730);
        assert_int_equal(ack.consumer_sequence, 4650);
        assert_int_equal(ack.pending, 17);
    }
}

static void a_consumer_is_the_whole_token(void **state)
{
    struct ack ack = {0};
    (void)state;
    assert_true(ack_parse(short_form, &ack));
    assert_false(ack_is_from(&ack, "guardrail_saga_proposed"));
    assert_false(ack_is_from(&ack, "guardrail_saga_proposed_all_"));
    assert_false(ack_is_from(&ack, ""));
}

static void anything_else_is_refused_and_leaves_the_result_alone(void **state)
{
    static const char *const bad[] = {
        "",
        "$JS.ACK.",
        "_INBOX.guardrail.1",
        "$JS.ACK.S.C.1.2.3.4",
        "$JS.ACK.S.C.1.2.3.4.5.6",
        "$JS.ACK.S.C.x.2.3.4.5",
        "$JS.ACK.S.C.1..3.4.5",
        "$JS.ACK..C.1.2.3.4.5",
        "$JS.ACK.S..1.2.3.4.5",
        "$JS.ACK.S.C.1.-2.3.4.5",
        "$JS.ACK.S.C.1.18446744073709551616.3.4.5",
        "$JS.ACK.d.h.S.C.1.2.3.4.5.r.more",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct ack ack = {.sequence = 42};
        assert_false(ack_parse(bad[i], &ack));
        assert_int_equal(ack.sequence, 42);
    }
}

static void the_largest_sequence_is_kept_whole(void **state)
{
    struct ack ack = {0};
    (void)state;
    assert_true(ack_parse("$JS.ACK.S.C.1.18446744073709551615.3.4.5", &ack));
    assert_true(ack.sequence == UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_names_consumer_and_sequence),
        cmocka_unit_test(a_consumer_is_the_whole_token),
        cmocka_unit_test(anything_else_is_refused_and_leaves_the_result_alone),
        cmocka_unit_test(the_largest_sequence_is_kept_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
