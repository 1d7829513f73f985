/* ga4: runReport of the Google Analytics 4 Data API behind report.h. Inside this archive only.
 *
 * It is one of Google's APIs: same tokens, same errors (google.h). */
#pragma once

#include "report_page.h"

bool ga4_account_valid(const char *account);
/* The body of a request for rows from `offset` on. */
void ga4_ask_report(int32_t from, int32_t to, int64_t offset, int64_t limit, struct buffer *body);

report_ask_page ga4_ask_report_page;
report_look ga4_look;
report_take ga4_take_report;
void ga4_read_account(struct platform *platform, struct arena *arena,
                      struct report_account *account);
