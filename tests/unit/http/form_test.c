/* form: what a body of pairs may hold that a query may not, and what neither may. */
#include "http_form.h"

#include "checks.h"

#include "mem.h"

static void a_body_of_pairs_is_decoded(void **state)
{
    char text[] = "payload=%7B%22a%22%3A%221%0A2%22%7D&text=a+%26+b&&flag&text=%e2%82%ac";
    struct http_pair pairs[4];
    size_t count = 0;
    (void)state;
    assert_true(http_form_parse(text, pairs, COUNT(pairs), &count));
    assert_int_equal(count, 4);
    assert_string_equal(pairs[0].name, "payload");
    assert_string_equal(pairs[0].value, "{\"a\":\"1\n2\"}");
    assert_string_equal(pairs[1].value, "a & b");
    assert_string_equal(pairs[2].name, "flag");
    assert_string_equal(pairs[2].value, "");
    assert_string_equal(pairs[3].value, "\u20ac");
}

static void broken_pairs_are_refused_and_nothing_is_said_of_them(void **state)
{
    static const char *const broken[] = {"a=%", "a=%4", "a=%g0", "%=1", "a=%00", "a=%ff", "a&b&c"};
    struct http_pair pairs[2];
    (void)state;
    for (size_t i = 0; i < COUNT(broken); i++) {
        char text[16];
        size_t count = 73;
        memcpy(text, broken[i], strlen(broken[i]) + 1);
        if (http_form_parse(text, pairs, COUNT(pairs), &count) || count != 73)
            fail_msg("accepted %s", broken[i]);
    }
}

static void an_empty_body_has_no_pairs(void **state)
{
    char text[] = "";
    size_t count = 73;
    (void)state;
    assert_true(http_form_parse(text, NULL, 0, &count));
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_of_pairs_is_decoded),
        cmocka_unit_test(broken_pairs_are_refused_and_nothing_is_said_of_them),
        cmocka_unit_test(an_empty_body_has_no_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
