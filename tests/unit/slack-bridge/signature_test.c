/* signature: Slack's published example passes; anything near it does not. */
#include "signature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char secret[] = "8f742231b10e8888abcd99yyyzzz85a5";
static const char stamp[] = "1531420618";
static const int64_t then = 1531420618;
static const char body[] =
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmib"
    "IGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
static const char signature[] =
    "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

static bool good(const char *key, const char *at, const char *sign, const char *text, int64_t now)
{
    return signature_is_good(key, at, sign, bytes_of_text(text), now);
}

static void slacks_own_example_is_good(void **state)
{
    (void)state;
    assert_true(good(secret, stamp, signature, body, then));
}

static void one_changed_byte_anywhere_is_not(void **state)
{
    (void)state;
    assert_false(good("8f742231b10e8888abcd99yyyzzz85a6", stamp, signature, body, then));
    assert_false(good(secret, "1531420619", signature, body, then));
    assert_false(good(secret, stamp, signature, body + 1, then));
    assert_false(good(secret, stamp,
                      "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b504", body,
                      then));
}

static void five_minutes_to_either_side_is_fresh(void **state)
{
    (void)state;
    assert_true(good(secret, stamp, signature, body, then + 300));
    assert_true(good(secret, stamp, signature, body, then - 300));
    assert_false(good(secret, stamp, signature, body, then + 301));
    assert_false(good(secret, stamp, signature, body, then - 301));
}

static void what_is_not_of_the_form_is_refused_also_without_a_secret(void **state)
{
    static const char *const stamps[] = {
        NULL, "", "x", "-1531420618", "1531420618 ", "1e9", "1531420618.0", "9999999999999"};
    static const char *const signatures[] = {
        NULL, "", "v0=", "v1=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        "v0=A2114D57B48EAC39B9AD189DD8316235A7B4A8D21A10BD27519666489C69B503"};
    (void)state;
    for (size_t i = 0; i < sizeof stamps / sizeof stamps[0]; i++)
        assert_false(good("", stamps[i], signature, body, then));
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++)
        assert_false(good("", stamp, signatures[i], body, then));
    assert_true(good("", stamp, signature, "anything", then));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slacks_own_example_is_good),
        cmocka_unit_test(one_changed_byte_anywhere_is_not),
        cmocka_unit_test(five_minutes_to_either_side_is_fresh),
        cmocka_unit_test(what_is_not_of_the_form_is_refused_also_without_a_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
