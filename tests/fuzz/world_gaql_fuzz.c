/* Any text as a query: it is refused by a name, or its rows are JSON, and asking again gives the
 * same. */
#include "gaql.h"
#include "seed.h"
#include "select.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const int64_t now_micros = 1795273200LL * 1000000;

static void must(bool held)
{
    if (!held)
        abort();
}

/* A market's account with a little history. */
static const struct account *shop(struct stage *stage)
{
    static struct account *account;
    static const struct stage_settings settings = {
        .preset = "tiny", .seed = 1, .history_days = 4, .start_date = ""};
    struct err err = {0};
    if (account)
        return account;
    must(stage_open(&settings, now_micros, stage, &account, &err));
    seed_add_budgets(account, 1, 50);
    for (int64_t i = 0; i < 40; i++) {
        struct change change = {
            .time_micros = now_micros - (40 - i) * 3600 * 1000000LL,
            .resource = i % 3 ? RESOURCE_CAMPAIGN_BUDGET : RESOURCE_CAMPAIGN,
            .operation = CHANGE_UPDATE,
            .client = CLIENT_API,
            .resource_id = i % 3 ? 1 + i % 9 : 1001 + i % 9,
            .user_email = "a@b.example",
            .changed = 1,
        };
        if (change.resource == RESOURCE_CAMPAIGN_BUDGET)
            change.before.budget = change.after.budget = account->budgets[0];
        else
            change.before.campaign = change.after.campaign = account->campaigns[0];
        account_add_change(account, &change);
    }
    return account;
}

static void answer(const char *text, struct arena *memory, struct buffer *out)
{
    static struct gaql query;
    struct gaql_context context = {
        .customer_id = SEED_CUSTOMER_ID,
        .zone = ZONE_NEW_YORK,
        .now_micros = now_micros,
        .arena = memory,
    };
    struct failure failure = {0};
    if (!gaql_parse(text, &context, &query, &failure)) {
        must(failure.category && failure.code && failure.message[0]);
        buffer_add_text(out, failure.code);
        return;
    }
    static struct stage stage;
    const struct select_source source = {
        .account = shop(&stage), .stage = &stage, .visible_until_micros = now_micros};
    struct selection selection = select_rows(&source, &query, memory);
    struct json_writer writer = {.out = out};
    writer_open(&writer, '[');
    select_write_rows(&writer, &query, &selection, 0, selection.count);
    select_write_mask(&writer, &query);
    writer_close(&writer, ']');
    json_t *json = json_loadb((const char *)out->data, out->length, 0, NULL);
    must(json != NULL && (query.limit == 0 || selection.count <= (size_t)query.limit));
    json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *memory = arena_new();
    struct buffer first = {0}, second = {0};
    const char *text = arena_text(memory, size ? (const char *)data : "", size);
    answer(text, memory, &first);
    answer(text, memory, &second);
    must(bytes_equal(buffer_view(&first), buffer_view(&second)));
    buffer_done(&first);
    buffer_done(&second);
    arena_free(memory);
    return 0;
}
