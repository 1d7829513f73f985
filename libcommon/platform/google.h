/* google: the Google Ads REST API behind platform.h. Inside this archive only. */
#pragma once

#include "http_client.h"
#include "json.h"
#include "platform_reply.h"
#include "report_page.h"

struct google {
    struct platform_settings settings;
    struct http_client *client;
    char *token; /* the access token, or NULL */
    int64_t token_until_boot_ms;
};

/* One POST below customers/<customer>/, or of another of Google's APIs. */
struct google_call {
    const char *customer, *method; /* "campaignBudgets:mutate" */
    const char *analytics;         /* or "properties/123:runReport", of GA4 */
    struct bytes body;
    bool write;
    int64_t send_before_boot_ms;
    int64_t start_boot_ms; /* as http_call's */
    int tries_max;
    /* answered: */
    struct platform_reply reply;
    struct buffer answer; /* of OK */
    bool cut;             /* the answer was too long or broke off; a read */
};

/* google_auth.c: a valid token stands in google->token, or the reply says why not. */
bool google_authorize(struct google *google, struct platform_reply *ret_reply);
void google_forget_token(struct google *google);

/* google_call.c: all side by side; a 401 is met once with a new token. */
void google_calls_run(struct google *google, struct google_call calls[], size_t count);
void google_calls_done(struct google_call calls[], size_t count);

/* google_reply.c, pure. */
struct platform_reply google_classify(const struct http_result *result, bool write);
/* What an errorCode of a GoogleAdsFailure says, {"quotaError":"RESOURCE_EXHAUSTED"}. */
struct platform_reply google_error_reply(const json_t *error, bool write);

/* google_budgets.c and google_changes.c: the body of a request, and what an answer of
 * searchStream says. False: it can't be understood. */
void google_ask_budgets(const struct platform_read *read, struct buffer *query);
bool google_take_budgets(struct arena *arena, struct bytes answer, struct platform_read *read,
                         struct err *err) MUST_CHECK;
/* The same of one page of search; *ret_next is the next page's token or NULL. */
bool google_take_page(struct arena *arena, struct bytes answer, struct platform_read *read,
                      const char **ret_next, struct err *err) MUST_CHECK;
void google_ask_changes(const struct platform_history *history, struct buffer *query);
bool google_take_changes(struct arena *arena, struct bytes answer, struct platform_history *history,
                         struct err *err) MUST_CHECK;

/* google_report.c and google_account.c */
bool google_account_valid(const char *account);
void google_ask_report(const struct report_ask *ask, struct buffer *query);
report_ask_page google_ask_report_page;
report_look google_look;
report_take google_take_report;
void google_read_account(struct platform *platform, struct arena *arena,
                         struct report_account *account);

/* google_set.c */
void google_ask_set(const struct platform_set *set, struct buffer *body);
/* Gives each item its reply. */
void google_take_set(struct bytes answer, struct platform_set *set);

/* google.c: what the row of platform.c names. */
void google_read_budgets(struct platform *platform, struct arena *arena,
                         struct platform_read reads[], size_t count);
void google_set_budgets(struct platform *platform, struct arena *arena, struct platform_set sets[],
                        size_t count);
void google_read_changes(struct platform *platform, struct arena *arena,
                         struct platform_history histories[], size_t count);

enum {
    GOOGLE_RESOURCE_BYTES_MAX = 160,
    GOOGLE_ANSWER_BYTES_MAX = 64 << 20,
    GOOGLE_CHANGES_MAX = 10000, /* Google's most in one answer */
};
/* "1234567890" of "google/1234567890". */
const char *google_customer(const char *account);
/* "campaignBudgets/9": letters, digits and / _ ~ - only, so that it stands in a query as it is. */
bool google_resource_valid(const char *resource);
/* Copies what is below "customers/<customer>/"; NULL when it is not there. */
const char *google_below(struct arena *arena, const char *customer, const char *resource_name);
/* {"query":"..."}, or with a page's token. */
struct bytes google_search_body(struct arena *arena, const char *query, const char *page_token);
/* A cheap look before a text is kept. */
const json_t *google_member(const json_t *object, const char *name);
