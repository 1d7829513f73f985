/* report_page: what stands between the walk over a report's pages and one platform's way of asking
 * for a page. Inside this archive only. */
#pragma once

#include "report.h"

enum { REPORT_TOKEN_MAX = 2048 };

/* Where the next page begins; all zero: the first. A platform uses what it needs. */
struct report_cursor {
    char token[REPORT_TOKEN_MAX + 1];
    int64_t offset, total;
};

struct report_page {
    const struct report_ask *ask;
    const struct report_cursor *cursor;
    int64_t start_boot_ms; /* not before */
    /* answered: */
    struct platform_reply reply;
    struct buffer answer; /* of OK */
};

/* Sends the request for one page, once. */
typedef void report_ask_page(struct platform *platform, struct arena *arena,
                             struct report_page *page);
/* Moves the cursor behind an answer; *ret_more: there is more behind it. False: the page is
 * broken (ERR_REJECT), or no more of the report that the pages before are of (ERR_RETRY). */
typedef bool report_look(struct arena *arena, struct bytes raw, struct report_cursor *cursor,
                         bool *ret_more, struct err *err);
typedef bool report_take(struct arena *arena, const char *account, enum report_level level,
                         struct bytes raw, struct report *report, struct err *err);

/* "2026-11-20" of a day. */
enum { REPORT_DATE_TEXT = 11 };
void report_date(int32_t day, char text[static REPORT_DATE_TEXT]);

/* How long to wait before the same page is asked again; false: the reply stands. Pure. */
bool report_wait(const struct platform_reply *reply, int tries, int64_t base_ms, uint64_t random,
                 int64_t *ret_wait_ms);
