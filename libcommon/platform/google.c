/* google: requests of platform.h as calls of the REST API. */
#include "google.h"

#include "mem.h"
#include "platform_row.h"

#include <string.h>

enum { pages_max = 1000 };

static const char stream_method[] = "googleAds:searchStream";

static bool is_ours(const char *account)
{
    return strncmp(account, "google/", strlen("google/")) == 0;
}

bool google_account_valid(const char *account)
{
    return platform_digits_valid(google_customer(account));
}

static bool resources_valid(const struct platform_read *read)
{
    for (size_t i = 0; i < read->resource_count; i++)
        if (!google_resource_valid(read->resources[i]))
            return false;
    return true;
}

static bool items_valid(const struct platform_set *set)
{
    for (size_t i = 0; i < set->item_count; i++)
        if (!google_resource_valid(set->items[i].resource) || set->items[i].micros < 0)
            return false;
    return true;
}

static struct bytes search_body(struct arena *arena, struct buffer *query)
{
    struct bytes body = google_search_body(arena, (const char *)query->data, NULL);
    buffer_done(query);
    return body;
}

/* What a stream could not carry in one answer, page by page. */
static void read_pages(struct google *google, struct arena *arena, struct platform_read *read)
{
    struct buffer query = {0};
    const char *next = NULL;
    read->budget_count = 0;
    google_ask_budgets(read, &query);
    for (int page = 0; page < pages_max; page++) {
        struct err err = {0};
        struct google_call call = {
            .customer = google_customer(read->account),
            .method = "googleAds:search",
            .body = google_search_body(arena, (const char *)query.data, next),
        };
        google_calls_run(google, &call, 1);
        read->reply = call.reply;
        if (call.reply.fate == PLATFORM_OK
            && !google_take_page(arena, buffer_view(&call.answer), read, &next, &err))
            read->reply = platform_reply_of(PLATFORM_TRANSIENT, "unreadable_answer");
        google_calls_done(&call, 1);
        if (read->reply.fate != PLATFORM_OK || !next)
            break;
    }
    if (read->reply.fate == PLATFORM_OK && next)
        read->reply = platform_reply_of(PLATFORM_PERMANENT, "too_many_pages");
    buffer_done(&query);
}

static void take_stream(struct google *google, struct arena *arena, struct google_call *call,
                        struct platform_read *read)
{
    struct err err = {0};
    read->reply = call->reply;
    if (call->cut
        || (call->reply.fate == PLATFORM_OK
            && !google_take_budgets(arena, buffer_view(&call->answer), read, &err)))
        read_pages(google, arena, read);
}

void google_read_budgets(struct platform *platform, struct arena *arena,
                         struct platform_read reads[], size_t count)
{
    struct google_call *calls = mem_array(count, sizeof *calls);
    size_t *asked = arena_array(arena, count, sizeof *asked);
    size_t asked_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct buffer query = {0};
        if (!is_ours(reads[i].account))
            continue;
        reads[i].budget_count = 0;
        reads[i].currency[0] = '\0';
        if (!google_account_valid(reads[i].account) || !resources_valid(&reads[i])) {
            reads[i].reply = platform_reply_of(PLATFORM_PERMANENT, "malformed_name");
            continue;
        }
        google_ask_budgets(&reads[i], &query);
        calls[asked_count] = (struct google_call){
            .customer = google_customer(reads[i].account),
            .method = stream_method,
            .body = search_body(arena, &query),
        };
        asked[asked_count++] = i;
    }
    google_calls_run(&platform->google, calls, asked_count);
    for (size_t i = 0; i < asked_count; i++)
        take_stream(&platform->google, arena, &calls[i], &reads[asked[i]]);
    google_calls_done(calls, asked_count);
    mem_free(calls);
}

static void give_all(struct platform_set *set, struct platform_reply reply)
{
    for (size_t i = 0; i < set->item_count; i++)
        set->items[i].reply = reply;
}

void google_set_budgets(struct platform *platform, struct arena *arena, struct platform_set sets[],
                        size_t count)
{
    struct google_call *calls = mem_array(count, sizeof *calls);
    struct buffer *bodies = mem_array(count, sizeof *bodies);
    size_t *asked = arena_array(arena, count, sizeof *asked);
    size_t asked_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_ours(sets[i].account))
            continue;
        if (!google_account_valid(sets[i].account) || !items_valid(&sets[i])) {
            give_all(&sets[i], platform_reply_of(PLATFORM_PERMANENT, "malformed_name"));
            continue;
        }
        google_ask_set(&sets[i], &bodies[asked_count]);
        calls[asked_count] = (struct google_call){
            .customer = google_customer(sets[i].account),
            .method = "campaignBudgets:mutate",
            .body = buffer_view(&bodies[asked_count]),
            .write = true,
            .send_before_boot_ms = sets[i].send_before_boot_ms,
        };
        asked[asked_count++] = i;
    }
    google_calls_run(&platform->google, calls, asked_count);
    for (size_t i = 0; i < asked_count; i++) {
        if (calls[i].reply.fate == PLATFORM_OK)
            google_take_set(buffer_view(&calls[i].answer), &sets[asked[i]]);
        else
            give_all(&sets[asked[i]], calls[i].reply);
        buffer_done(&bodies[i]);
    }
    google_calls_done(calls, asked_count);
    mem_free(bodies);
    mem_free(calls);
}

void google_read_changes(struct platform *platform, struct arena *arena,
                         struct platform_history histories[], size_t count)
{
    struct google_call *calls = mem_array(count, sizeof *calls);
    size_t *asked = arena_array(arena, count, sizeof *asked);
    size_t asked_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct buffer query = {0};
        if (!is_ours(histories[i].account))
            continue;
        histories[i].change_count = 0;
        if (!google_account_valid(histories[i].account)) {
            histories[i].reply = platform_reply_of(PLATFORM_PERMANENT, "malformed_name");
            continue;
        }
        google_ask_changes(&histories[i], &query);
        calls[asked_count] = (struct google_call){
            .customer = google_customer(histories[i].account),
            .method = stream_method,
            .body = search_body(arena, &query),
        };
        asked[asked_count++] = i;
    }
    google_calls_run(&platform->google, calls, asked_count);
    for (size_t i = 0; i < asked_count; i++) {
        struct platform_history *history = &histories[asked[i]];
        struct err err = {0};
        history->reply = calls[i].reply;
        if (calls[i].reply.fate == PLATFORM_OK
            && !google_take_changes(arena, buffer_view(&calls[i].answer), history, &err))
            history->reply = platform_reply_of(PLATFORM_TRANSIENT, "unreadable_answer");
    }
    google_calls_done(calls, asked_count);
    mem_free(calls);
}
