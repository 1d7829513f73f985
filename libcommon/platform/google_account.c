/* google_account: what an account keeps its books in. */
#include "google.h"
#include "platform_row.h"
#include "report_fields.h"

#include <string.h>

enum { answer_bytes_max = 64 * 1024, zone_bytes_max = 64 };

static const char question[] =
    "SELECT customer.currency_code, customer.time_zone FROM customer LIMIT 1";

static bool take(struct arena *arena, struct bytes answer, struct report_account *account)
{
    OWNED(json_t) *json = NULL;
    struct report books = {.zone = ""};
    struct err err = {0};
    const char *currency = NULL, *zone = NULL;
    if (!json_parse(answer, answer_bytes_max, &json, &err))
        return false;
    const json_t *row = json_array_get(google_member(json, "results"), 0);
    const json_t *customer = google_member(row, "customer");
    if (!json_need_text(customer, "currencyCode", sizeof books.currency - 1, &currency, &err)
        || !json_need_text(customer, "timeZone", zone_bytes_max, &zone, &err)
        || !report_same_books(arena, &books, bytes_of_text(currency), bytes_of_text(zone)))
        return false;
    memcpy(account->currency, books.currency, sizeof books.currency);
    account->zone = books.zone;
    return true;
}

void google_read_account(struct platform *platform, struct arena *arena,
                         struct report_account *account)
{
    struct google_call call = {
        .customer = google_customer(account->account),
        .method = "googleAds:search",
        .body = google_search_body(arena, question, NULL),
    };
    google_calls_run(&platform->google, &call, 1);
    account->reply = call.reply;
    if (call.reply.fate == PLATFORM_OK && !take(arena, buffer_view(&call.answer), account))
        account->reply = google_reply(PLATFORM_TRANSIENT, "unreadable_answer");
    google_calls_done(&call, 1);
}
