/* report: the walk over a report's pages, the same for every platform. */
#include "report.h"

#include "clock.h"
#include "hash.h"
#include "http_backoff.h"
#include "platform_row.h"

#include <string.h>

enum { tries_max = 6, day_max = 2932896 /* 9999-12-31 */ };
static const int64_t base_ms_default = 1000;
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

/* Asked until it is whole or the reply stands. OK: the answer is in page, *next and *ret_more say
 * how to go on. */
static void ask_whole_page(struct platform *platform, const struct platform_row *row,
                           struct arena *arena, struct report_page *page,
                           struct report_cursor *next, bool *ret_more)
{
    int64_t base_ms = platform->google.settings.report_wait_base_ms;
    for (int tries = 1;; tries++) {
        struct err err = {0};
        uint64_t random;
        int64_t wait_ms = 0;
        arena_reset(arena);
        row->ask_page(platform, arena, page);
        *next = *page->cursor;
        if (page->reply.fate == PLATFORM_OK
            && !row->look(arena, buffer_view(&page->answer), next, ret_more, &err)) {
            buffer_done(&page->answer);
            page->reply = platform_reply_of(PLATFORM_TRANSIENT, "unreadable_answer");
            if (err.kind == ERR_RETRY) {
                page->reply = platform_reply_of(PLATFORM_TRANSIENT, "changed_meanwhile");
                return;
            }
        }
        random_bytes(&random, sizeof random);
        if (!report_wait(&page->reply, tries, base_ms ? base_ms : base_ms_default, random,
                         &wait_ms))
            return;
        page->start_boot_ms = clock_boot_ms() + wait_ms;
    }
}

/* One page, kept. False: the fetch ends here, by the ask's reply or by the err. */
static bool fetch_page(struct platform *platform, const struct platform_row *row,
                       struct arena *arena, struct report_ask *ask, struct report_cursor *cursor,
                       bool *ret_more, report_keep *keep, void *user, struct err *err)
{
    struct report_page page = {.ask = ask, .cursor = cursor};
    struct report_cursor next;
    ask_whole_page(platform, row, arena, &page, &next, ret_more);
    ask->reply = page.reply;
    bool good = page.reply.fate == PLATFORM_OK
        && keep(user, ask, ask->pages, buffer_view(&page.answer), err);
    buffer_done(&page.answer);
    ask->pages += good;
    *cursor = next;
    return good;
}

bool platform_fetch_report(struct platform *platform, struct report_ask *ask, report_keep *keep,
                           void *user, struct err *err)
{
    const struct platform_row *row = find_row(ask->account, err);
    if (!row || !ask_valid(row, ask, err))
        return false;
    struct report_cursor cursor = {0};
    struct arena *arena = arena_new();
    struct err kept = {0};
    bool more = true;
    ask->pages = 0;
    while (more && ask->pages < REPORT_PAGES_MAX
           && fetch_page(platform, row, arena, ask, &cursor, &more, keep, user, &kept))
        continue;
    arena_free(arena);
    if (kept.kind != ERR_NONE) {
        *err = kept;
        return err_context(err, "page %d", (int)ask->pages);
    }
    if (ask->reply.fate == PLATFORM_OK && more)
        ask->reply = platform_reply_of(PLATFORM_PERMANENT, "too_many_pages");
    return true;
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
