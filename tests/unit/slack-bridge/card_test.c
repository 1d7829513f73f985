/* card: valid for Slack whatever stands in it, live only while people are asked. */
#include "card.h"

#include "json.h"
#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const states[] = {
    "cleared",  "approved",     "executing",   "executed",        "confirmed",
    "rejected", "expired",      "stale",       "cancelled",       "blocked",
    "failed",   "rolling_back", "rolled_back", "rollback_failed",
};
static const struct card_place place = {"C0GROWTH01", NULL, "https://growth.example"};

static struct card sample(const char *state)
{
    return (struct card){
        .state = state,
        .kind = "budget.change",
        .mode = "live",
        .headline = "google/1234567890 Brand: 46.50 → 48.80 USD a day (+4.9 %)",
        .proposer = "1a2b3c4d",
        .quorum = 2,
        .approvals = 1,
        .expires_micros = INT64_C(1763730000000000),
        .content = {{0x73, 0x0f}},
    };
}

static json_t *written(const struct card *card, const struct card_place *at)
{
    struct buffer body = {0};
    struct err err = {0};
    json_t *json = NULL;
    card_write(card, at, &body);
    assert_true(json_parse(buffer_view(&body), 1 << 20, &json, &err));
    buffer_done(&body);
    return json;
}

static size_t characters(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

/* Longest text under this key, anywhere below. */
static size_t longest(const json_t *json, const char *key)
{
    size_t most = 0, i;
    const char *name;
    json_t *member;
    if (json_is_object(json)) {
        json_object_foreach((json_t *)json, name, member)
        {
            size_t inner = json_is_string(member) && strcmp(name, key) == 0
                ? characters(json_string_value(member))
                : longest(member, key);
            most = inner > most ? inner : most;
        }
    } else if (json_is_array(json)) {
        json_array_foreach((json_t *)json, i, member)
        {
            size_t inner = longest(member, key);
            most = inner > most ? inner : most;
        }
    }
    return most;
}

static const json_t *block_of(const json_t *message, const char *type)
{
    const json_t *blocks = json_object_get(message, "blocks");
    for (size_t i = 0; i < json_array_size(blocks); i++) {
        const json_t *block = json_array_get(blocks, i);
        if (strcmp(json_string_value(json_object_get(block, "type")), type) == 0)
            return block;
    }
    return NULL;
}

static const char *action_at(const json_t *message, size_t at, const char *member)
{
    const json_t *elements = json_object_get(block_of(message, "actions"), "elements");
    return json_string_value(json_object_get(json_array_get(elements, at), member));
}

static void only_a_saga_that_waits_for_people_has_live_buttons(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(states); i++) {
        struct card card = sample(states[i]);
        OWNED(json_t) *message = written(&card, &place);
        const char *first = action_at(message, 0, "action_id");
        assert_string_equal(first, i == 0 ? "approve" : "open");
        assert_true(card_is_live(states[i]) == (i == 0));
    }
}

static void every_button_carries_the_saga_and_the_hash_that_is_shown(void **state)
{
    struct card card = sample("cleared");
    (void)state;
    OWNED(json_t) *message = written(&card, &place);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(action_at(message, i, "value"),
                            "00000000-0000-0000-0000-000000000000 730f0000000000000000000000000000"
                            "00000000000000000000000000000000");
    assert_string_equal(action_at(message, 1, "action_id"), "reject");
    assert_string_equal(action_at(message, 2, "url"),
                        "https://growth.example/approvals/00000000-0000-0000-0000-000000000000");
}

static void the_largest_card_keeps_slacks_limits(void **state)
{
    enum { huge = 40000 };
    (void)state;
    char *text = mem_new(huge + 1);
    for (size_t i = 0; i + 3 <= huge; i += 3)
        memcpy(text + i, i % 2 ? "→" : "<&x", 3);
    for (size_t i = 0; i < COUNT(states); i++) {
        struct card card = sample(states[i]);
        struct card_place far = {"C0GROWTH01", "1763730000.000100", text};
        card.headline = card.note = card.reason = card.checks = card.accounts = text;
        card.proposer = text;
        OWNED(json_t) *message = written(&card, &far);
        const json_t *section = block_of(message, "section");
        assert_in_range(json_array_size(json_object_get(message, "blocks")), 5, 50);
        assert_true(longest(message, "text") <= 3000);
        assert_in_range(longest(section, "text"), 2990, 3000);
        assert_true(longest(block_of(message, "header"), "text") <= 150);
        assert_true(longest(message, "value") <= 2000);
        assert_true(longest(message, "url") <= 3000);
        const json_t *blocks = json_object_get(message, "blocks");
        for (size_t b = 0; b < json_array_size(blocks); b++) {
            const json_t *fields = json_object_get(json_array_get(blocks, b), "fields");
            assert_true(json_array_size(fields) <= 10);
            assert_true(longest(fields, "text") <= 2000);
        }
    }
    mem_free(text);
}

static void texts_of_others_cannot_mention_or_link(void **state)
{
    struct card card = sample("rejected");
    struct buffer body = {0};
    (void)state;
    card.headline = card.note = card.reason = card.checks = card.accounts = card.proposer =
        "<!channel> <https://evil.example|Approve>";
    card_write(&card, &place, &body);
    assert_null(strstr((const char *)body.data, "<!"));
    assert_null(strstr((const char *)body.data, "<http"));
    assert_non_null(strstr((const char *)body.data, "&lt;!channel&gt;"));
    buffer_done(&body);
}

static void an_edit_names_its_message_and_a_new_card_does_not(void **state)
{
    struct card card = sample("cleared");
    struct card_place at = {"C0GROWTH01", "1763730000.000100", "https://growth.example"};
    (void)state;
    OWNED(json_t) *made = written(&card, &place);
    OWNED(json_t) *edited = written(&card, &at);
    assert_null(json_object_get(made, "ts"));
    assert_string_equal(json_string_value(json_object_get(edited, "ts")), at.ts);
    assert_non_null(json_string_value(json_object_get(edited, "text")));
}

static void nothing_follows_a_final_state(void **state)
{
    static const char *const open[] = {"cleared", "approved", "executing", "executed",
                                       "rolling_back"};
    size_t open_count = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(states); i++)
        for (size_t j = 0; j < COUNT(open); j++)
            open_count += strcmp(states[i], open[j]) == 0 && !card_is_final(states[i]);
    assert_int_equal(open_count, COUNT(open));
    for (size_t i = 0; i < COUNT(states); i++)
        assert_true(card_is_final(states[i]) == (i >= 4 && i != 11));
    assert_false(card_is_final("a state of a later release"));
}

static void the_dialog_carries_what_the_database_reads(void **state)
{
    struct buffer body = {0};
    struct err err = {0};
    struct uuid saga = {
        {0x46, 0x50}
    };
    struct hash content = {{0x73}};
    OWNED(json_t) *json = NULL;
    (void)state;
    card_write_reason_view("7.t", &saga, &content, &body);
    assert_true(json_parse(buffer_view(&body), 1 << 16, &json, &err));
    const json_t *view = json_object_get(json, "view");
    const json_t *input = block_of(view, "input");
    assert_string_equal(json_string_value(json_object_get(view, "private_metadata")),
                        "46500000-0000-0000-0000-000000000000 73000000000000000000000000000000"
                        "00000000000000000000000000000000");
    assert_string_equal(json_string_value(json_object_get(input, "block_id")), "reason");
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(input, "element"), "action_id")),
        "reason");
    assert_null(json_object_get(input, "optional"));
    assert_true(longest(json_object_get(view, "title"), "text") <= 24);
    buffer_done(&body);
}

static void a_digest_counts_links_and_ends(void **state)
{
    static const struct {
        int64_t count;
        const char *says;
    } cases[] = {
        {1,  "1 more proposal waits" },
        {73, "73 more proposals wait"},
        {0,  "No more proposals wait"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buffer body = {0};
        card_write_digest(cases[i].count, &place, &body);
        assert_non_null(strstr((const char *)body.data, cases[i].says));
        assert_true((strstr((const char *)body.data, "growth.example/approvals") != NULL)
                    == (cases[i].count > 0));
        buffer_done(&body);
    }
}

static void room_is_shared_between_cards_and_the_digest(void **state)
{
    static const int64_t cases[][5] = {
  /* live, waiting, max: post, digest */
        {0,  0,  10, 0, 0 },
        {3,  4,  10, 4, 0 },
        {3,  17, 10, 7, 10},
        {10, 5,  10, 0, 5 },
        {12, 5,  10, 0, 5 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t post, digest;
        card_share_room(cases[i][0], cases[i][1], cases[i][2], &post, &digest);
        assert_int_equal(post, cases[i][3]);
        assert_int_equal(digest, cases[i][4]);
    }
}

static void a_refusal_says_the_sentence_and_what_helps(void **state)
{
    static const struct {
        const char *sentence, *says;
    } cases[] = {
        {"this Slack user is not linked to an active person",       "growth.example/settings" },
        {"you proposed this change: somebody else must approve it", "Somebody else"           },
        {"your limit is 3 decisions an hour",                       "Somebody else"           },
        {"it changed since you saw it",                             "growth.example/approvals"},
        {"this Slack request is not fresh",                         "again"                   },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buffer text = {0};
        card_refusal(cases[i].sentence, "https://growth.example", &text);
        assert_non_null(strstr((const char *)text.data, cases[i].sentence));
        assert_non_null(strstr((const char *)text.data, cases[i].says));
        buffer_done(&text);
    }
    struct buffer text = {0};
    card_refusal("it is <approved> already", "https://growth.example", &text);
    assert_string_equal((const char *)text.data, "Not done: it is &lt;approved&gt; already.");
    buffer_done(&text);
}

static struct notice sample_notice(const char *headline)
{
    return (struct notice){
        .decision = 4650,
        .slack_user = "U0BOB00001",
        .headline = headline,
        .verdict = "approve",
        .surface = "aelp_gateway",
        .at_micros = INT64_C(1763730000000000),
    };
}

static json_t *notice_written(const struct notice *notice)
{
    struct err err = {0};
    json_t *json = NULL;
    BUFFER body = {0};
    card_write_notice(notice, &body);
    assert_true(json_parse(buffer_view(&body), 1 << 20, &json, &err));
    return json;
}

static void a_notice_goes_to_its_person_with_the_one_button_not_me(void **state)
{
    const struct notice notice = sample_notice("google/1 Brand: 46.50 → 48.80 USD a day");
    OWNED(json_t) *json = notice_written(&notice);
    const char *text = json_string_value(json_object_get(json, "text"));
    (void)state;
    assert_string_equal(json_string_value(json_object_get(json, "channel")), "U0BOB00001");
    assert_string_equal(text,
                        "*You approved this* on the web or by the command line, "
                        "2025-11-21 13:00 UTC:\ngoogle/1 Brand: 46.50 → 48.80 USD a day");
    assert_int_equal(json_array_size(json_object_get(block_of(json, "actions"), "elements")), 1);
    assert_string_equal(action_at(json, 0, "action_id"), "disown");
    assert_string_equal(action_at(json, 0, "value"), "00000000-0000-0000-0000-000000000000 4650");
}

static void the_largest_notice_keeps_slacks_limits(void **state)
{
    static char long_text[9000];
    memset(long_text, '&', sizeof long_text - 1);
    const struct notice notice = sample_notice(long_text);
    OWNED(json_t) *json = notice_written(&notice);
    (void)state;
    assert_true(longest(json, "text") <= 3000);
}

static void an_outcome_takes_the_buttons_place(void **state)
{
    struct err err = {0};
    OWNED(json_t) *json = NULL;
    BUFFER body = {0};
    (void)state;
    card_write_outcome("the proposal is <rejected>", &body);
    assert_true(json_parse(buffer_view(&body), 1 << 20, &json, &err));
    assert_true(json_is_true(json_object_get(json, "replace_original")));
    assert_null(block_of(json, "actions"));
    assert_string_equal(json_string_value(json_object_get(json, "text")),
                        "You said that it was not you: the proposal is &lt;rejected&gt;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_saga_that_waits_for_people_has_live_buttons),
        cmocka_unit_test(every_button_carries_the_saga_and_the_hash_that_is_shown),
        cmocka_unit_test(the_largest_card_keeps_slacks_limits),
        cmocka_unit_test(texts_of_others_cannot_mention_or_link),
        cmocka_unit_test(an_edit_names_its_message_and_a_new_card_does_not),
        cmocka_unit_test(nothing_follows_a_final_state),
        cmocka_unit_test(the_dialog_carries_what_the_database_reads),
        cmocka_unit_test(a_digest_counts_links_and_ends),
        cmocka_unit_test(room_is_shared_between_cards_and_the_digest),
        cmocka_unit_test(a_refusal_says_the_sentence_and_what_helps),
        cmocka_unit_test(a_notice_goes_to_its_person_with_the_one_button_not_me),
        cmocka_unit_test(the_largest_notice_keeps_slacks_limits),
        cmocka_unit_test(an_outcome_takes_the_buttons_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
