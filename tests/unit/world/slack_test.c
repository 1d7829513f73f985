/* slack: messages, their limits, clicks and what follows them. */
#include "asking.h"

#include "click.h"
#include "slack_blocks.h"

#define BUTTON                                                                  \
    "{\"type\":\"button\",\"action_id\":\"approve\",\"value\":\"h1\",\"text\":" \
    "{\"type\":\"plain_text\",\"text\":\"Approve\"}}"
#define MESSAGE                                                                            \
    "{\"channel\":\"C0GROWTH01\",\"text\":\"Approve?\",\"blocks\":[{\"type\":\"actions\"," \
    "\"block_id\":\"b1\",\"elements\":[" BUTTON "]}]}"

static int setup(void **state)
{
    static struct asking asking;
    asking_open(&asking);
    snprintf(asking.authorization, sizeof asking.authorization, "Bearer xoxb-1");
    asking.content_type = "application/json; charset=utf-8";
    *state = &asking;
    return 0;
}

static int teardown(void **state)
{
    asking_close(*state);
    return 0;
}

static void the_published_signature_is_reproduced(void **state)
{
    static const char body[] =
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id="
        "G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command="
        "%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2F"
        "T1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015."
        "47445629121.803a0bc887a14d10d2c447fce8b6703c";
    char signature[CLICK_SIGNATURE_TEXT];
    (void)state;
    click_sign("8f742231b10e8888abcd99yyyzzz85a5", 1531420618, bytes_of_text(body), signature);
    assert_string_equal(signature,
                        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c"
                        "69b503");
}

static void a_message_is_kept_and_can_be_edited(void **state)
{
    struct asking *asking = *state;
    assert_contains(ask(asking, "POST", "/api/chat.postMessage", MESSAGE),
                    "\"ts\":\"1795273200.000000\"");
    assert_contains(
        ask(asking, "POST", "/api/chat.update",
            "{\"channel\":\"C0GROWTH01\",\"ts\":\"1795273200.000000\",\"text\":\"Done\"}"),
        "\"ok\":true");
    const char *messages = ask(asking, "GET", "/_world/slack/messages", "");
    assert_contains(messages, "\"text\":\"Done\"");
    assert_null(strstr(messages, "Approve?"));
    assert_contains(ask(asking, "POST", "/api/chat.update",
                        "{\"channel\":\"C0RANDOM01\",\"ts\":\"1795273200.000000\",\"text\":\"x\"}"),
                    "message_not_found");
}

static void forms_carry_blocks_as_json(void **state)
{
    struct asking *asking = *state;
    asking->content_type = "application/x-www-form-urlencoded";
    asking->authorization[0] = '\0';
    assert_contains(ask(asking, "POST", "/api/chat.postMessage",
                        "token=xoxb-1&channel=%23growth-approvals&text=hi&blocks=%5B%7B%22type%22"
                        "%3A%22divider%22%7D%5D"),
                    "\"blocks\":[{\"type\":\"divider\"}]");
    assert_contains(ask(asking, "POST", "/api/auth.test", ""), "not_authed");
    assert_contains(ask(asking, "POST", "/api/auth.test", "token=xoxb-2"), "invalid_auth");
    assert_contains(ask(asking, "POST", "/api/no.such", "token=xoxb-1"), "unknown_method");
}

/* A JSON array of n copies. */
static void repeat(char *out, size_t size, const char *item, int n)
{
    size_t length = 0;
    length += (size_t)snprintf(out, size, "[");
    for (int i = 0; i < n; i++)
        length += (size_t)snprintf(out + length, size - length, "%s%s", i ? "," : "", item);
    snprintf(out + length, size - length, "]");
}

static bool blocks_pass(const char *text, char *why)
{
    json_t *blocks = json_loads(text, 0, NULL);
    assert_non_null(blocks);
    bool ok = slack_blocks_check(blocks, SLACK_MESSAGE_BLOCKS_MAX, why);
    json_decref(blocks);
    return ok;
}

static void limits_are_slacks(void **state)
{
    static const struct {
        const char *item; /* %s: the list or the text */
        int passes;
        const char *element; /* NULL: the text is that many characters */
    } limits[] = {
        {"%s",                                                                         50,   "{\"type\":\"divider\"}"              },
        {"[{\"type\":\"actions\",\"elements\":%s}]",                                   25,   BUTTON                                },
        {"[{\"type\":\"context\",\"elements\":%s}]",                                   10,   "{}"                                  },
        {"[{\"type\":\"header\",\"text\":{\"type\":\"plain_text\",\"text\":\"%s\"}}]", 150,  NULL                                  },
        {"[{\"type\":\"section\",\"text\":{\"type\":\"mrkdwn\",\"text\":\"%s\"}}]",    3000, NULL                                  },
        {"[{\"type\":\"divider\",\"block_id\":\"%s\"}]",                               255,  NULL                                  },
        {"[{\"type\":\"actions\",\"elements\":[{\"type\":\"button\",\"text\":{\"type\":"
         "\"plain_text\",\"text\":\"%s\"}}]}]",                               75,   NULL                                  },
        {"[{\"type\":\"actions\",\"elements\":[{\"type\":\"button\",\"value\":\"%s\",\"text\":{"
         "\"type\":\"plain_text\",\"text\":\"x\"}}]}]",                       2000, NULL                                  },
        {"[{\"type\":\"section\",\"fields\":%s}]",                                     10,   "{\"type\":\"mrkdwn\",\"text\":\"x\"}"},
    };
    static char list[8192], blocks[16384];
    char why[SLACK_WHY_TEXT];
    (void)state;
    for (size_t i = 0; i < COUNT(limits); i++)
        for (int more = 0; more <= 1; more++) {
            int n = limits[i].passes + more;
            if (limits[i].element)
                repeat(list, sizeof list, limits[i].element, n);
            else
                snprintf(list, sizeof list, "%0*d", n, 0);
            const char *hole = strstr(limits[i].item, "%s");
            snprintf(blocks, sizeof blocks, "%.*s%s%s", (int)(hole - limits[i].item),
                     limits[i].item, list, hole + 2);
            if (blocks_pass(blocks, why) == (more == 1))
                fail_msg("limit %zu, %d: %s", i, n, more ? "passed" : why);
        }
}

static void a_click_is_signed_and_says_who_pressed_what(void **state)
{
    struct asking *asking = *state;
    ask(asking, "POST", "/api/chat.postMessage", MESSAGE);
    const char *reply = ask(asking, "POST", "/_world/slack/click",
                            "{\"channel\":\"C0GROWTH01\",\"ts\":\"1795273200.000000\",\"user\":"
                            "\"U0ALICE001\",\"action_id\":\"approve\",\"skew_s\":-301}");
    assert_int_equal(asking->reply.status, 200);
    assert_contains(reply, "X-Slack-Request-Timestamp\":\"1795272899\"");
    const struct delivery *delivery = &asking->reply.delivery;
    char signature[CLICK_SIGNATURE_TEXT];
    click_sign("hush", 1795272899, delivery->body, signature);
    assert_string_equal(signature, delivery->signature);
    const char *body = (const char *)delivery->body.data;
    assert_contains(body, "payload=%7B%22type%22%3A%22block_actions%22");
    assert_contains(body, "%22id%22%3A%22U0ALICE001%22");
    assert_contains(body, "%22value%22%3A%22h1%22");
    assert_contains(body, "http%3A%2F%2Fworld.example%2Fslack%2Fresponse%2F1");
    assert_contains(ask(asking, "POST", "/_world/slack/click",
                        "{\"channel\":\"C0GROWTH01\",\"ts\":\"1795273200.000000\",\"user\":\"U1\","
                        "\"action_id\":\"nothing\"}"),
                    "no button");
}

static void click(struct asking *asking)
{
    ask(asking, "POST", "/api/chat.postMessage", MESSAGE);
    ask(asking, "POST", "/_world/slack/click",
        "{\"channel\":\"C0GROWTH01\",\"ts\":\"1795273200.000000\",\"user\":\"U0BOB00001\","
        "\"action_id\":\"approve\"}");
    assert_int_equal(asking->reply.status, 200);
}

static void a_response_url_takes_five_posts_in_half_an_hour(void **state)
{
    struct asking *asking = *state;
    click(asking);
    for (int i = 0; i < 5; i++)
        assert_contains(ask(asking, "POST", "/slack/response/1",
                            "{\"replace_original\":true,\"text\":\"processing\"}"),
                        "\"ok\":true");
    assert_contains(ask(asking, "POST", "/slack/response/1", "{\"text\":\"x\"}"), "used_url");
    assert_contains(ask(asking, "GET", "/_world/slack/messages", ""), "\"text\":\"processing\"");
    assert_int_equal(asking->world.slack.message_count, 1);
}

static void a_response_url_and_a_trigger_expire(void **state)
{
    static const char modal[] = "{\"trigger_id\":\"1.T0DEMO0001.0123456789abcdef\",\"view\":{"
                                "\"type\":\"modal\",\"blocks\":[]}}";
    struct asking *asking = *state;
    click(asking);
    asking->now_micros += 3000000;
    assert_contains(ask(asking, "POST", "/api/views.open", modal), "\"ok\":true");
    assert_contains(ask(asking, "POST", "/api/views.open", modal), "exchanged_trigger_id");
    asking->now_micros += 1;
    assert_contains(ask(asking, "POST", "/api/views.open", modal), "expired_trigger_id");
    asking->now_micros += 1800 * 1000000LL;
    assert_contains(ask(asking, "POST", "/slack/response/1", "{\"text\":\"x\"}"), "expired_url");
}

static void a_channel_takes_a_burst_and_then_one_a_second(void **state)
{
    struct asking *asking = *state;
    static const char post[] = "{\"channel\":\"C0GROWTH01\",\"text\":\"x\"}";
    for (int i = 0; i < 20; i++) {
        ask(asking, "POST", "/api/chat.postMessage", post);
        assert_int_equal(asking->reply.status, 200);
    }
    assert_contains(ask(asking, "POST", "/api/chat.postMessage", post), "ratelimited");
    assert_int_equal(asking->reply.status, 429);
    assert_int_equal(asking->reply.retry_after_s, 1);
    ask(asking, "POST", "/api/chat.postMessage", "{\"channel\":\"C0ALERTS01\",\"text\":\"x\"}");
    assert_int_equal(asking->reply.status, 200);
    asking->now_micros += 1000000;
    ask(asking, "POST", "/api/chat.postMessage", post);
    assert_int_equal(asking->reply.status, 200);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_published_signature_is_reproduced),
        TEST(a_message_is_kept_and_can_be_edited),
        TEST(forms_carry_blocks_as_json),
        TEST(limits_are_slacks),
        TEST(a_click_is_signed_and_says_who_pressed_what),
        TEST(a_response_url_takes_five_posts_in_half_an_hour),
        TEST(a_response_url_and_a_trigger_expire),
        TEST(a_channel_takes_a_burst_and_then_one_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
