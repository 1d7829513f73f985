/* What proof files tell: leaves told apart from the change, and nothing told that doesn't fit. */
#include "story.h"

#include "mem.h"
#include "tile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char change[] = "aelp/change/v1\nkind budget.change 1\nmode live\n"
                             "effect 1 google/1234567890 campaignBudgets/9 daily_micros 50000000 "
                             "52500000 USD\nundo restore\n";

static const char saga[] = "0199a1b2-c3d4-4e5f-8a9b-0c1d2e3f4a5b";

/* A leaf as the ledger writes it. */
static void add_leaf(struct buffer *bundle, const char *of, int version, const char *to,
                     const char *person)
{
    char hex[2 * HASH_BYTES + 1];
    struct buffer leaf = {0};
    struct hash hash = hash_sha256(bytes_of_text(change));
    hex_encode(hash_view(&hash), hex);
    buffer_format(&leaf,
                  "aelp/event/v1\nsaga %s\nversion %d\nfrom cleared\nto %s\nrole aelp_gateway\n"
                  "person %s\ncontent %s\nat 2026-11-21T16:10:35.123456Z\nnote -\npolicy 1\n"
                  "prev -\n",
                  of, version, to, person, hex);
    assert_true(bundle_add(bundle, buffer_view(&leaf)));
    buffer_done(&leaf);
}

static void add_story(struct buffer *bundle)
{
    add_leaf(bundle, saga, 3, "approved", "7c9e6679-7425-40de-944b-e07fc1f90ae7");
    add_leaf(bundle, saga, 4, "executing", "-");
}

static bool is(struct bytes bytes, const char *text)
{
    return bytes_equal(bytes, bytes_of_text(text));
}

static void leaves_and_the_change_behind_them_are_told_apart(void **state)
{
    (void)state;
    struct buffer bundle = {0};
    struct story story;
    struct err err = {0};
    add_story(&bundle);
    size_t leaves = bundle.length;
    assert_true(story_open(buffer_view(&bundle), &story, &err));
    assert_int_equal(story.change.length, 0);
    assert_true(bundle_add(&bundle, bytes_of_text(change)));
    assert_true(story_open(buffer_view(&bundle), &story, &err));
    assert_true(is(story.change, change));
    assert_true(is(story.saga, saga));
    assert_int_equal(story.leaves.length, leaves);
    buffer_done(&bundle);
}

static void events_are_told_in_their_order(void **state)
{
    (void)state;
    struct buffer bundle = {0};
    struct story_event event;
    add_story(&bundle);
    struct bytes rest = buffer_view(&bundle);
    assert_true(story_next_event(&rest, &event));
    assert_true(is(event.version, "3") && is(event.from, "cleared") && is(event.to, "approved"));
    assert_true(is(event.role, "aelp_gateway") && is(event.note, "-"));
    assert_true(is(event.person, "7c9e6679-7425-40de-944b-e07fc1f90ae7"));
    assert_true(is(event.at, "2026-11-21T16:10:35.123456Z"));
    assert_true(story_next_event(&rest, &event));
    assert_true(is(event.version, "4") && is(event.person, "-"));
    assert_false(story_next_event(&rest, &event));
    buffer_done(&bundle);
}

static void every_changed_byte_of_the_change_is_refused(void **state)
{
    (void)state;
    struct buffer bundle = {0};
    struct story story;
    struct err err = {0};
    add_story(&bundle);
    assert_true(bundle_add(&bundle, bytes_of_text(change)));
    for (size_t i = bundle.length - strlen(change); i < bundle.length; i++) {
        bundle.data[i] ^= 0x01;
        assert_false(story_open(buffer_view(&bundle), &story, &err));
        bundle.data[i] ^= 0x01;
    }
    assert_true(story_open(buffer_view(&bundle), &story, &err));
    buffer_done(&bundle);
}

static void another_sagas_leaf_a_record_and_a_cut_are_refused(void **state)
{
    (void)state;
    static const char record[] = "aelp/record/v1\ntype mode\nrole aelp_admin\nperson -\n";
    struct buffer bundle = {0};
    struct story story;
    struct err err = {0};
    add_story(&bundle);
    size_t whole = bundle.length;
    for (size_t length = whole - 1; length > whole - 40; length--)
        assert_false(story_open(bytes_of(bundle.data, length), &story, &err));
    assert_true(bundle_add(&bundle, bytes_of_text(record)));
    assert_false(story_open(buffer_view(&bundle), &story, &err));
    bundle.length = whole;
    assert_true(bundle_add(&bundle, bytes_of_text(change)));
    add_leaf(&bundle, saga, 5, "executed", "-"); /* the change stands last or not at all */
    assert_false(story_open(buffer_view(&bundle), &story, &err));
    bundle.length = whole;
    add_leaf(&bundle, "0199a1b2-c3d4-4e5f-8a9b-0c1d2e3f4a5c", 5, "executed", "-");
    assert_false(story_open(buffer_view(&bundle), &story, &err));
    buffer_done(&bundle);
}

static void an_effect_is_read_and_nothing_else_is_one(void **state)
{
    (void)state;
    static const char *const none[] = {
        "",
        "effect",
        "effect 1 a r daily_micros 1 USD",
        "effect 1 a r daily_micros -1 2 USD",
        "effect 1 a r daily_micros 01 2 USD",
        "effect 1 a r daily_micros 1 2 3 USD",
        "effect 1 a r daily_micros 1 2",
        "effect 1 a r daily_micros 1 2 US",
        "effect 1 a r daily_micros 1 2 USD ",
        "effect 1 a r weekly_micros 1 2 USD",
        "effect x a r daily_micros 1 2 USD",
        "effect 1 a r daily_micros 1 9223372036854775808 USD",
        "undo restore",
    };
    struct story_effect effect;
    assert_true(story_effect(
        bytes_of_text(
            "effect 2 google/1234567890 campaignBudgets/9 daily_micros 730000 4650000 EUR"),
        &effect));
    assert_true(is(effect.account, "google/1234567890") && is(effect.resource, "campaignBudgets/9")
                && is(effect.currency, "EUR"));
    assert_int_equal(effect.before_micros, 730000);
    assert_int_equal(effect.after_micros, 4650000);
    for (size_t i = 0; i < COUNT(none); i++)
        assert_false(story_effect(bytes_of_text(none[i]), &effect));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_and_the_change_behind_them_are_told_apart),
        cmocka_unit_test(events_are_told_in_their_order),
        cmocka_unit_test(every_changed_byte_of_the_change_is_refused),
        cmocka_unit_test(another_sagas_leaf_a_record_and_a_cut_are_refused),
        cmocka_unit_test(an_effect_is_read_and_nothing_else_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
