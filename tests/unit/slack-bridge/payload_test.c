/* payload: what people did is read from the raw form body; what is not ours is refused or passed
 * over. */
#include "payload.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SAGA "0190c2f0-7b1a-4c3d-8e9f-a1b2c3d4e5f6"
#define HASH64 "00ff7364650a46500011223344556677889900aabbccddeeff00112233445566"
#define CLICK(action, value, ts)                                                             \
    "{\"type\":\"block_actions\",\"user\":{\"id\":\"U0BOB\"},\"container\":{\"channel_id\":" \
    "\"C0G\",\"message_ts\":\"" ts "\"},\"response_url\":\"https://hooks.slack.com/x\","     \
    "\"trigger_id\":\"7.t\",\"actions\":[{\"action_id\":\"" action "\",\"value\":\"" value "\"}]}"

static struct arena *arena;
static struct payload payload;
static struct err err;

static bool parse(const char *json)
{
    struct buffer body = {0};
    buffer_add_text(&body, "payload=");
    for (; *json; json++) {
        if (isalnum((unsigned char)*json))
            buffer_add(&body, json, 1);
        else
            buffer_format(&body, "%%%02X", (unsigned char)*json);
    }
    err = (struct err){0};
    bool ok = payload_parse(buffer_view(&body), arena, &payload, &err);
    buffer_done(&body);
    return ok;
}

static bool parse_raw(const char *body)
{
    err = (struct err){0};
    return payload_parse(bytes_of_text(body), arena, &payload, &err);
}

static void a_click_names_saga_hash_message_and_user(void **state)
{
    char saga[UUID_TEXT];
    (void)state;
    assert_true(parse(CLICK("approve", SAGA " " HASH64, "1763730000.000100")));
    assert_int_equal(payload.what, PAYLOAD_APPROVE);
    uuid_text(&payload.saga, saga);
    assert_string_equal(saga, SAGA);
    assert_int_equal(payload.content.bytes[1], 0xff);
    assert_string_equal(payload.user, "U0BOB");
    assert_string_equal(payload.channel, "C0G");
    assert_string_equal(payload.ts, "1763730000.000100");
    assert_string_equal(payload.response_url, "https://hooks.slack.com/x");
    assert_true(parse(CLICK("reject", SAGA " " HASH64, "1.2")));
    assert_int_equal(payload.what, PAYLOAD_ASK_REASON);
    assert_string_equal(payload.trigger_id, "7.t");
}

static void a_sent_dialog_is_a_rejection_with_its_reason(void **state)
{
    (void)state;
    assert_true(
        parse("{\"type\":\"view_submission\",\"user\":{\"id\":\"U0BOB\"},\"view\":{"
              "\"callback_id\":\"reject\",\"private_metadata\":\"" SAGA " " HASH64 "\","
              "\"state\":{\"values\":{\"reason\":{\"reason\":{\"value\":\"Zu früh\"}}}}}}"));
    assert_int_equal(payload.what, PAYLOAD_REJECT);
    assert_string_equal(payload.reason, "Zu früh");
    assert_string_equal(payload.response_url, "");
}

static void not_me_names_saga_and_decision(void **state)
{
    char saga[UUID_TEXT];
    (void)state;
    assert_true(parse(CLICK("disown", SAGA " 4650", "1.2")));
    assert_int_equal(payload.what, PAYLOAD_DISOWN);
    assert_int_equal(payload.decision, 4650);
    uuid_text(&payload.saga, saga);
    assert_string_equal(saga, SAGA);
}

static void what_decides_nothing_is_nothing(void **state)
{
    (void)state;
    assert_true(parse(CLICK("open", "", "1.2")));
    assert_int_equal(payload.what, PAYLOAD_NOTHING);
    assert_true(parse("{\"type\":\"view_closed\",\"user\":{\"id\":\"U0BOB\"}}"));
    assert_int_equal(payload.what, PAYLOAD_NOTHING);
    assert_true(parse("{\"type\":\"view_submission\",\"user\":{\"id\":\"U0BOB\"},\"view\":{}}"));
    assert_int_equal(payload.what, PAYLOAD_NOTHING);
}

static void a_value_that_is_not_ours_is_refused(void **state)
{
    static const char *const bad[] = {
        CLICK("approve", "", "1.2"),
        CLICK("approve", SAGA, "1.2"),
        CLICK("approve", SAGA " " HASH64 " x", "1.2"),
        CLICK("approve", SAGA "_" HASH64, "1.2"),
        CLICK("approve", "x190c2f0-7b1a-4c3d-8e9f-a1b2c3d4e5f6 " HASH64, "1.2"),
        CLICK("approve",
              SAGA " g"
                   "0ff7364650a46500011223344556677889900aabbccddeeff00112233445566",
              "1.2"),
        CLICK("disown", SAGA " " HASH64, "1.2"),
        CLICK("disown", SAGA " ", "1.2"),
        CLICK("disown", SAGA " 0", "1.2"),
        CLICK("disown", SAGA " -4650", "1.2"),
        CLICK("disown", SAGA " 4650 ", "1.2"),
        CLICK("disown", "4650", "1.2"),
    };
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(parse(bad[i]));
        assert_int_equal(err.kind, ERR_REJECT);
        assert_non_null(strstr(err.text, "value: "));
    }
}

static void ids_that_could_carry_more_than_an_id_are_refused(void **state)
{
    (void)state;
    assert_false(parse(CLICK("approve", SAGA " " HASH64, "1'; DROP")));
    assert_false(parse("{\"type\":\"view_closed\",\"user\":{\"id\":\"U0>x\"}}"));
    assert_false(parse("{\"type\":\"view_closed\",\"user\":{\"id\":\"\"}}"));
    assert_false(parse("{\"type\":\"view_closed\"}"));
}

static void bodies_that_are_no_interactivity_request_are_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "payload",
        "payload=",
        "payload=%7B",
        "payload=[]",
        "payload=%7",
        "other=%7B%7D",
        "payload=%7B%7D&payload=%7B%7D",
        "payload=\xc3\xa9",
        "payload=%00",
        "payload=%7B%22type%22:1%7D",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(parse_raw(bad[i]));
        assert_int_equal(err.kind, ERR_REJECT);
    }
}

static void only_slacks_own_urls_are_called(void **state)
{
    static const char api[] = "https://slack.com/api", world[] = "http://127.0.0.1:7403/api";
    (void)state;
    assert_true(payload_url_is_slacks("https://hooks.slack.com/actions/T/1/x", api));
    assert_true(payload_url_is_slacks("https://slack.com/x", api));
    assert_true(payload_url_is_slacks("http://127.0.0.1:7403/slack/response/1", world));
    assert_false(payload_url_is_slacks("", api));
    assert_false(payload_url_is_slacks("https://slack.com", api));
    assert_false(payload_url_is_slacks("https://slack.com.evil.example/x", api));
    assert_false(payload_url_is_slacks("https://slack.com@evil.example/x", api));
    assert_false(payload_url_is_slacks("https://hooks.slack.com.evil.example/x", api));
    assert_false(payload_url_is_slacks("http://hooks.slack.com/x", api));
    assert_false(payload_url_is_slacks("http://127.0.0.1:74030/x", world));
    assert_false(payload_url_is_slacks("http://127.0.0.1:5432/x", world));
}

static int make(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_click_names_saga_hash_message_and_user),
        cmocka_unit_test(a_sent_dialog_is_a_rejection_with_its_reason),
        cmocka_unit_test(not_me_names_saga_and_decision),
        cmocka_unit_test(what_decides_nothing_is_nothing),
        cmocka_unit_test(a_value_that_is_not_ours_is_refused),
        cmocka_unit_test(ids_that_could_carry_more_than_an_id_are_refused),
        cmocka_unit_test(bodies_that_are_no_interactivity_request_are_refused),
        cmocka_unit_test(only_slacks_own_urls_are_called),
    };
    return cmocka_run_group_tests(tests, make, unmake);
}
