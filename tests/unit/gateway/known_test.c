/* known: what a second remembers of a token, and what it must not. */
#include "known.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct caller ana = {
    .asked_ms = 7300, .person = {.bytes = {0x73}}, .roles = "[\"proposer\"]"};
static const struct caller ben = {
    .asked_ms = 7300, .person = {.bytes = {0x46}}, .roles = "[\"approver\"]"};
static struct known known;

static int forget(void **state)
{
    (void)state;
    memset(&known, 0, sizeof known);
    return 0;
}

static void a_proved_token_is_known_until_a_second_after_it_was_asked_about(void **state)
{
    (void)state;
    struct caller caller;
    known_add(&known, "token-4650", &ana);
    assert_true(known_find(&known, "token-4650", 8299, &caller));
    assert_memory_equal(&caller, &ana, sizeof ana);
    assert_false(known_find(&known, "token-4650", 8300, &caller));
}

static void being_found_and_added_again_makes_it_live_no_longer(void **state)
{
    (void)state;
    struct caller caller;
    known_add(&known, "token-4650", &ana);
    for (int64_t now_ms = 7300; now_ms < 8300; now_ms += 100) {
        assert_true(known_find(&known, "token-4650", now_ms, &caller));
        known_add(&known, "token-4650", &caller);
    }
    assert_false(known_find(&known, "token-4650", 8300, &caller));
}

static void another_token_is_not_known(void **state)
{
    (void)state;
    struct caller caller;
    known_add(&known, "token-4650", &ana);
    static const char *const others[] = {"token-4651", "token-465", "token-46500", "",
                                         "TOKEN-4650"};
    for (size_t i = 0; i < COUNT(others); i++)
        assert_false(known_find(&known, others[i], 7301, &caller));
}

static void nothing_is_known_at_first(void **state)
{
    (void)state;
    struct caller caller = {0};
    assert_false(known_find(&known, "", 0, &caller));
    assert_false(known_find(&known, "token-4650", 7300, &caller));
    assert_false(known_holds(&caller, 0));
}

/* Two tokens of which the second takes the first's slot: more tokens than slots have such a pair.
 */
static void who_takes_a_slot_is_not_taken_for_who_had_it(void **state)
{
    (void)state;
    char other[32];
    struct caller caller;
    known_add(&known, "token-4650", &ana);
    for (int i = 0; known_find(&known, "token-4650", 7301, &caller); i++) {
        assert_in_range(i, 0, 100 * KNOWN_SLOTS);
        (void)snprintf(other, sizeof other, "other-%d", i);
        known_add(&known, other, &ben);
    }
    assert_true(known_find(&known, other, 7301, &caller));
    assert_memory_equal(&caller, &ben, sizeof ben);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_proved_token_is_known_until_a_second_after_it_was_asked_about,
                               forget),
        cmocka_unit_test_setup(being_found_and_added_again_makes_it_live_no_longer, forget),
        cmocka_unit_test_setup(another_token_is_not_known, forget),
        cmocka_unit_test_setup(nothing_is_known_at_first, forget),
        cmocka_unit_test_setup(who_takes_a_slot_is_not_taken_for_who_had_it, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
