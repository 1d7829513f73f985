/* report: the walk over a report's pages, the same for every platform. */
#include "report.h"

#include "clock.h"
#include "hash.h"
#include "http_backoff.h"
#include "platform_row.h"

#include <string.h>

enum { tries_max = 6, day_max = 2932896 /* 9999-12-31 */ };
static const int64_t micros_a_day = 86400000000;

void report_date(int32_t day, char text[static REPORT_DATE_TEXT])
{
    char time[CLOCK_TEXT];
    clock_text(day * micros_a_day, time);
    memcpy(text, time, REPORT_DATE_TEXT - 1);
    text[REPORT_DATE_TEXT - 1] = '\0';
}

bool report_wait(const struct platform_reply *reply, int tries, int64_t base_ms, uint64_t random,
                 int64_t *ret_wait_ms)
{
    if (tries >= tries_max || reply->wait_ms > HTTP_RETRY_AFTER_MS_MAX
        || (reply->fate != PLATFORM_THROTTLED && reply->fate != PLATFORM_TRANSIENT))
        return false;
    *ret_wait_ms = http_backoff_ms(tries, base_ms, random) + reply->wait_ms;
    return true;
}

static const struct platform_row *find_row(const char *account, struct err *err)
{
    const struct platform_row *row = platform_row_of(account);
    if (!row || !row->account_valid(account))
        (void)err_set(err, ERR_REJECT, "account: of no platform there is, or malformed");
    return row && row->account_valid(account) ? row : NULL;
}

static bool ask_valid(const struct platform_row *row, const struct report_ask *ask, struct err *err)
{
    if (!(row->levels & 1U << ask->level))
        return err_set(err, ERR_REJECT, "level: the platform has no such report");
    if (ask->from < 0 || ask->to > day_max || ask->from > ask->to
        || ask->to - ask->from >= REPORT_DAYS_MAX)
        return err_set(err, ERR_REJECT, "days: not 1 to %d of them in order", REPORT_DAYS_MAX);
    return true;
}

struct walk {
    struct platform *platform;
    const struct platform_row *row;
    struct report_ask *ask;
    struct report_cursor cursor;
    bool more, torn;     /* torn: the pages are no longer of one report */
    struct arena *arena; /* of one try */
};

/* The page at the walk's cursor, once. OK: it is whole, and the cursor is behind it. */
static void try_page(struct walk *walk, struct report_page *page)
{
    struct report_cursor next = walk->cursor;
    struct err err = {0};
    arena_reset(walk->arena);
    page->cursor = &walk->cursor;
    walk->row->ask_page(walk->platform, walk->arena, page);
    if (page->reply.fate != PLATFORM_OK)
        return;
    if (walk->row->look(walk->arena, buffer_view(&page->answer), &next, &walk->more, &err)) {
        walk->cursor = next;
        return;
    }
    buffer_done(&page->answer);
    walk->torn = err.kind == ERR_RETRY;
    page->reply = platform_reply_of(PLATFORM_TRANSIENT,
                                    walk->torn ? "changed_meanwhile" : "unreadable_answer");
}

/* Until it is whole or the reply stands. */
static void take_page(struct walk *walk, struct report_page *page)
{
    for (int tries = 1;; tries++) {
        uint64_t random;
        int64_t wait_ms = 0;
        try_page(walk, page);
        random_bytes(&random, sizeof random);
        if (walk->torn
            || !report_wait(&page->reply, tries, walk->platform->report_wait_base_ms, random,
                            &wait_ms))
            return;
        page->start_boot_ms = clock_boot_ms() + wait_ms;
    }
}

/* False: it was not kept. */
static bool walk_pages(struct walk *walk, report_keep *keep, void *user, struct err *err)
{
    struct report_ask *ask = walk->ask;
    while (walk->more) {
        struct report_page page = {.ask = ask};
        if (ask->pages == REPORT_PAGES_MAX) {
            ask->reply = platform_reply_of(PLATFORM_PERMANENT, "too_many_pages");
            return true;
        }
        take_page(walk, &page);
        ask->reply = page.reply;
        if (page.reply.fate != PLATFORM_OK)
            return true;
        bool kept = keep(user, ask, ask->pages, buffer_view(&page.answer), err);
        buffer_done(&page.answer);
        if (!kept)
            return err_context(err, "page %d", (int)ask->pages);
        ask->pages++;
    }
    return true;
}

bool platform_fetch_report(struct platform *platform, struct report_ask *ask, report_keep *keep,
                           void *user, struct err *err)
{
    struct walk walk = {.platform = platform, .ask = ask, .more = true};
    walk.row = find_row(ask->account, err);
    if (!walk.row || !ask_valid(walk.row, ask, err))
        return false;
    ask->pages = 0;
    walk.arena = arena_new();
    bool ok = walk_pages(&walk, keep, user, err);
    arena_free(walk.arena);
    return ok;
}

bool report_read(struct arena *arena, const char *account, enum report_level level,
                 struct bytes raw, struct report *ret_report, struct err *err)
{
    struct report report = {.level = level, .zone = "", .setting = ""};
    const struct platform_row *row = find_row(account, err);
    if (!row)
        return false;
    if (!(row->levels & 1U << level))
        return err_set(err, ERR_REJECT, "level: the platform has no such report");
    if (raw.length > REPORT_BYTES_MAX)
        return err_set(err, ERR_REJECT, "page: %zu bytes, at most %d", raw.length,
                       REPORT_BYTES_MAX);
    if (!row->take(arena, account, level, raw, &report, err))
        return false;
    *ret_report = report;
    return true;
}

void platform_read_account(struct platform *platform, struct arena *arena,
                           struct report_account *account)
{
    struct err err = {0};
    const struct platform_row *row = find_row(account->account, &err);
    account->currency[0] = '\0';
    account->zone = "";
    account->reply = platform_reply_of(PLATFORM_PERMANENT, "malformed_name");
    if (row)
        row->read_account(platform, arena, account);
}
