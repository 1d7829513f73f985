/* google_account: what an account keeps its books in. */
#include "google.h"
#include "platform_row.h"
#include "report_fields.h"

enum { answer_bytes_max = 64 * 1024 };

static const char question[] =
    "SELECT customer.currency_code, customer.time_zone FROM customer LIMIT 1";

void google_read_account(struct platform *platform, struct arena *arena,
                         struct report_account *account)
{
    OWNED(json_t) *json = NULL;
    struct err err = {0};
    struct google_call call = {
        .customer = google_customer(account->account),
        .method = "googleAds:search",
        .body = google_search_body(arena, question, NULL),
    };
    google_calls_run(&platform->google, &call, 1);
    account->reply = call.reply;
    if (call.reply.fate == PLATFORM_OK) {
        bool parsed = json_parse(buffer_view(&call.answer), answer_bytes_max, &json, &err);
        const json_t *row = json_array_get(google_member(json, "results"), 0);
        if (!parsed
            || !report_take_books(arena, google_member(row, "customer"), "currencyCode", "timeZone",
                                  account))
            account->reply = platform_reply_of(PLATFORM_TRANSIENT, "unreadable_answer");
    }
    google_calls_done(&call, 1);
}
