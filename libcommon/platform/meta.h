/* meta: insights of the Meta Marketing API behind report.h. Inside this archive only.
 *
 * "meta/456" is act_456. The token goes into a header, never into a URL; where an answer quotes it
 * all the same (in links to further pages), it is blotted out before anybody keeps the answer. */
#pragma once

#include "http_client.h"
#include "platform_reply.h"
#include "report_page.h"

struct meta {
    struct platform_settings settings;
    struct http_client *client; /* borrowed */
};

/* One GET below act_<id>. */
struct meta_call {
    const char *account;
    const char *edge;    /* "/insights", or "" */
    struct buffer query; /* name=value&…; released by meta_call_run */
    int tries_max;       /* as http_call's */
    int64_t start_boot_ms;
    /* answered: */
    struct platform_reply reply;
    struct buffer answer; /* of OK */
};

/* meta_call.c */
void meta_call_run(struct meta *meta, struct meta_call *call);
/* meta_reply.c, pure: what an answer to a read means. */
struct platform_reply meta_classify(const struct http_result *result);

/* meta_report.c */
bool meta_account_valid(const char *account);
void meta_ask_report(const struct report_ask *ask, const char *after, struct buffer *query);
report_ask_page meta_ask_report_page;
report_look meta_look;
report_take meta_take_report;
void meta_read_account(struct platform *platform, struct arena *arena,
                       struct report_account *account);
