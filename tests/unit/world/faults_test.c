/* faults: each knob does what it says, where it says, and the same again under the same seed. */
#include "asking.h"

#define SEARCH "/v25/customers/1234567890/googleAds:search"
#define MUTATE "/v25/customers/1234567890/campaignBudgets:mutate"

static const char raise[] = "{\"operations\":[{\"update\":{\"resourceName\":\"customers/1234567890/"
                            "campaignBudgets/9\",\"amountMicros\":\"52500000\"},"
                            "\"updateMask\":\"amountMicros\"}]}";
static const char look[] = "{\"query\":\"SELECT customer.id FROM customer\"}";

static void set_faults(struct asking *asking, const char *body)
{
    ask(asking, "PUT", "/_world/faults", body);
    assert_int_equal(asking->reply.status, 200);
}

static const struct {
    const char *knob;
    int status;
    enum reply_fate fate;
    bool applied;
    enum ledger_reply noted;
} knobs[] = {
    {"http_429",                429, REPLY_SENT,    false, LEDGER_REPLIED    },
    {"http_5xx_before_commit",  503, REPLY_SENT,    false, LEDGER_REPLIED    },
    {"stop",                    0,   REPLY_HELD,    false, LEDGER_REPLIED    },
    {"partial_failure",         409, REPLY_SENT,    false, LEDGER_REPLIED    },
    {"http_5xx_after_commit",   500, REPLY_SENT,    true,  LEDGER_ERROR_AFTER},
    {"stop_after_commit",       200, REPLY_HELD,    true,  LEDGER_HANGING    },
    {"lose_reply_after_commit", 200, REPLY_DROPPED, true,  LEDGER_REPLY_LOST },
    {"truncated_body",          200, REPLY_CUT,     true,  LEDGER_REPLY_CUT  },
};

static void each_knob_strikes_once_as_told_and_the_ledger_knows(void **state)
{
    struct asking *asking = *state;
    char body[128];
    for (size_t i = 0; i < COUNT(knobs); i++) {
        ask(asking, "POST", "/_world/reset", "{}");
        snprintf(body, sizeof body, "{\"google\":{\"%s\":{\"next\":1}}}", knobs[i].knob);
        set_faults(asking, body);
        ask(asking, "POST", MUTATE, raise);
        assert_int_equal(asking->reply.status, knobs[i].status);
        assert_int_equal(asking->reply.fate, knobs[i].fate);
        const struct world *world = &asking->world;
        assert_int_equal(account_budget(world->account, 9)->amount_micros == 52500000,
                         knobs[i].applied);
        if (knobs[i].applied)
            assert_int_equal(world->ledger.entries[0].reply, knobs[i].noted);
        ask(asking, "POST", MUTATE, raise);
        assert_int_equal(asking->reply.status, 200);
        assert_int_equal(asking->reply.fate, REPLY_SENT);
    }
}

static void a_knob_on_writes_leaves_reads_alone(void **state)
{
    struct asking *asking = *state;
    set_faults(asking, "{\"google\":{\"http_5xx_before_commit\":{\"next\":1}}}");
    ask(asking, "POST", SEARCH, look);
    assert_int_equal(asking->reply.status, 200);
    set_faults(asking, "{\"google\":{\"http_5xx_before_commit\":{\"on\":\"reads\"}}}");
    ask(asking, "POST", SEARCH, look);
    assert_int_equal(asking->reply.status, 503);
}

static void too_many_requests_say_when_to_come_back(void **state)
{
    struct asking *asking = *state;
    set_faults(asking, "{\"google\":{\"http_429\":1,\"retry_after_s\":17}}");
    assert_contains(ask(asking, "POST", SEARCH, look),
                    "\"quotaError\":\"RESOURCE_TEMPORARILY_EXHAUSTED\"");
    assert_int_equal(asking->reply.retry_after_s, 17);
}

/* Which of 64 requests were struck, as bits. */
static uint64_t struck(struct asking *asking, const char *seed)
{
    char body[96];
    uint64_t bits = 0;
    ask(asking, "POST", "/_world/reset", seed);
    snprintf(body, sizeof body, "{\"google\":{\"http_429\":{\"rate\":0.25}}}");
    set_faults(asking, body);
    for (int i = 0; i < 64; i++) {
        ask(asking, "POST", SEARCH, look);
        bits |= (uint64_t)(asking->reply.status == 429) << i;
    }
    return bits;
}

static void a_rate_repeats_under_its_seed_and_differs_under_another(void **state)
{
    uint64_t first = struck(*state, "{\"seed\":4650}");
    assert_in_range(__builtin_popcountll(first), 6, 30);
    assert_true(first == struck(*state, "{\"seed\":4650}"));
    assert_true(first != struck(*state, "{\"seed\":4651}"));
}

static void a_change_shows_in_the_history_when_its_delay_is_over(void **state)
{
    static const char history[] =
        "{\"query\":\"SELECT change_event.user_email FROM change_event WHERE "
        "change_event.change_date_time DURING TODAY LIMIT 5\"}";
    struct asking *asking = *state;
    set_faults(asking, "{\"google\":{\"change_event_delay_ms\":2000}}");
    ask(asking, "POST", MUTATE, raise);
    asking->now_micros += 1999999;
    assert_null(strstr(ask(asking, "POST", SEARCH, history), "results"));
    asking->now_micros += 1;
    assert_contains(ask(asking, "POST", SEARCH, history), "aelp2@demo.example");
}

static void bad_settings_change_nothing(void **state)
{
    static const char *const bad[] = {
        "{\"google\":{\"latency_ms\":5,\"speed\":1}}",
        "{\"google\":{\"latency_ms\":-1}}",
        "{\"google\":{\"http_429\":1.5}}",
        "{\"google\":{\"http_429\":{\"on\":\"mondays\"}}}",
        "{\"google\":{\"latency_ms\":5},\"bing\":{}}",
        "{}",
        "[]",
    };
    struct asking *asking = *state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        ask(asking, "PUT", "/_world/faults", bad[i]);
        assert_int_equal(asking->reply.status, 400);
        assert_int_equal(asking->world.google_faults.latency_ms, 0);
    }
}

static void latency_and_sunset_hold(void **state)
{
    struct asking *asking = *state;
    set_faults(asking, "{\"google\":{\"latency_ms\":30,\"version_sunset\":25}}");
    assert_contains(ask(asking, "POST", SEARCH, look), "UNSUPPORTED_VERSION");
    assert_int_equal(asking->reply.delay_ms, 30);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, asking_setup, asking_teardown)
    const struct CMUnitTest tests[] = {
        TEST(each_knob_strikes_once_as_told_and_the_ledger_knows),
        TEST(a_knob_on_writes_leaves_reads_alone),
        TEST(too_many_requests_say_when_to_come_back),
        TEST(a_rate_repeats_under_its_seed_and_differs_under_another),
        TEST(a_change_shows_in_the_history_when_its_delay_is_over),
        TEST(bad_settings_change_nothing),
        TEST(latency_and_sunset_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
