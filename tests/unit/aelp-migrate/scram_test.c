/* scram: a verifier as Postgres makes it, of the same password and salt. */
#include "scram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void a_verifier_has_the_form_postgres_reads(void **state)
{
    (void)state;
    struct buffer verifier = {0};
    scram_verifier("aelp_x", "0123456789abcdef", &verifier);
    const char *text = (const char *)verifier.data;
    assert_int_equal(strncmp(text, "SCRAM-SHA-256$4096:", 19), 0);
    assert_int_equal(strcspn(text + 19, "$"), 24);
    assert_int_equal(strcspn(text + 44, ":"), 44);
    assert_int_equal(strlen(text + 89), 44);
    buffer_done(&verifier);
}

static void it_repeats_for_the_same_and_differs_for_another(void **state)
{
    (void)state;
    struct buffer one = {0}, same = {0}, role = {0}, password = {0};
    scram_verifier("aelp_x", "secret", &one);
    scram_verifier("aelp_x", "secret", &same);
    scram_verifier("aelp_y", "secret", &role);
    scram_verifier("aelp_x", "secret.", &password);
    assert_true(bytes_equal(buffer_view(&one), buffer_view(&same)));
    assert_false(bytes_equal(buffer_view(&one), buffer_view(&role)));
    assert_false(bytes_equal(buffer_view(&one), buffer_view(&password)));
    buffer_done(&one);
    buffer_done(&same);
    buffer_done(&role);
    buffer_done(&password);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_verifier_has_the_form_postgres_reads),
        cmocka_unit_test(it_repeats_for_the_same_and_differs_for_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
