/* meta_report: insights by day of campaigns and ads.
 *
 * Conversions are those of one action type: purchase, omni_purchase and the pixel's own overlap.
 * They are counted in the windows we ask for, not in those of the account. */
#include "meta.h"

#include "http_form.h"
#include "platform_row.h"
#include "report_fields.h"

#include <math.h>
#include <string.h>

enum { account_bytes_max = 64 * 1024, page_rows = 500 };
static const char setting[] = "7d_click_1d_view";
static const char windows[] = "[\"7d_click\",\"1d_view\"]";
static const char action_counted[] = "purchase";

static const char common_fields[] =
    "account_id,account_currency,campaign_id,campaign_name,objective,spend,impressions,clicks,"
    "actions,action_values,date_start,date_stop";

struct meta_row {
    struct report_row row;
    struct bytes account, currency;
    int32_t stop;
    bool counted, valued;
};

/* One of `actions` or `action_values`. */
struct meta_action {
    struct bytes type;
    double clicked, viewed;
    int64_t clicked_micros, viewed_micros;
};

static const struct report_field count_fields[] = {
    REPORT_FIELD("action_type", VIEW, meta_action, type),
    REPORT_FIELD("7d_click", REAL, meta_action, clicked),
    REPORT_FIELD("1d_view", REAL, meta_action, viewed),
};
static const struct report_field value_fields[] = {
    REPORT_FIELD("action_type", VIEW, meta_action, type),
    REPORT_FIELD("7d_click", MAJORS, meta_action, clicked_micros),
    REPORT_FIELD("1d_view", MAJORS, meta_action, viewed_micros),
};

/* The one of a list that is counted; *counted: it was there. */
static struct meta_action take_action(struct json_reader *reader,
                                      const struct report_field fields[], size_t count,
                                      bool *counted)
{
    struct meta_action found = {0};
    bool open = json_reader_array(reader);
    while (open && json_reader_item(reader)) {
        struct meta_action action = {.type = bytes_of_text("")};
        report_take_object(reader, fields, count, &action, NULL);
        if (!bytes_equal(action.type, bytes_of_text(action_counted)))
            continue;
        if (*counted)
            json_reader_fail(reader, "actions: a type comes twice");
        *counted = true;
        found = action;
    }
    return found;
}

static void take_counts(struct json_reader *reader, void *record)
{
    struct meta_row *row = record;
    struct meta_action action =
        take_action(reader, count_fields, COUNT(count_fields), &row->counted);
    row->row.conversions = action.clicked + action.viewed;
    row->row.view_through = llround(action.viewed);
}

static void take_values(struct json_reader *reader, void *record)
{
    struct meta_row *row = record;
    struct meta_action action =
        take_action(reader, value_fields, COUNT(value_fields), &row->valued);
    row->row.value_micros = action.clicked_micros + action.viewed_micros; /* each at most 10^18 */
}

#define IN_ROW(name, form, member) REPORT_FIELD(name, form, meta_row, member)

static const struct report_field row_fields[] = {
    IN_ROW("account_id", VIEW, account),
    IN_ROW("account_currency", VIEW, currency),
    IN_ROW("campaign_id", ID, row.campaign),
    IN_ROW("campaign_name", NAME, row.campaign_name),
    IN_ROW("objective", WORD, row.type),
    IN_ROW("spend", MAJORS, row.cost_micros),
    IN_ROW("impressions", COUNT, row.impressions),
    IN_ROW("clicks", COUNT, row.clicks),
    REPORT_OWN("actions", take_counts),
    REPORT_OWN("action_values", take_values),
    IN_ROW("date_start", DAY, row.day),
    IN_ROW("date_stop", DAY, stop),
    IN_ROW("adset_id", ID, row.ad_group),
    IN_ROW("ad_id", ID, row.ad),
};

static const char *id_of(const char *account)
{
    return account + strlen("meta/");
}

bool meta_account_valid(const char *account)
{
    return platform_digits_valid(id_of(account));
}

void meta_ask_report(const struct report_ask *ask, const char *after, struct buffer *query)
{
    char from[REPORT_DATE_TEXT], to[REPORT_DATE_TEXT];
    BUFFER range = {0}, fields = {0}, limit = {0};
    report_date(ask->from, from);
    report_date(ask->to, to);
    buffer_format(&range, "{\"since\":\"%s\",\"until\":\"%s\"}", from, to);
    buffer_format(&fields, "%s%s", common_fields,
                  ask->level == REPORT_ADS ? ",adset_id,ad_id" : "");
    buffer_format(&limit, "%d", page_rows);
    http_form_add(query, "level", ask->level == REPORT_ADS ? "ad" : "campaign");
    http_form_add(query, "time_increment", "1");
    http_form_add(query, "time_range", (const char *)range.data);
    http_form_add(query, "fields", (const char *)fields.data);
    http_form_add(query, "action_attribution_windows", windows);
    http_form_add(query, "limit", (const char *)limit.data);
    if (after[0])
        http_form_add(query, "after", after);
}

void meta_ask_report_page(struct platform *platform, struct arena *arena, struct report_page *page)
{
    struct meta_call call = {
        .account = page->ask->account,
        .edge = "/insights",
        .tries_max = 1,
        .start_boot_ms = page->start_boot_ms,
    };
    (void)arena;
    meta_ask_report(page->ask, page->cursor->token, &call.query);
    meta_call_run(&platform->meta, &call);
    page->reply = call.reply;
    page->answer = call.answer;
}

/* {"cursors":{"after":"…"},"next":"https://…"}: the link says that there is more; it is not
 * followed, since it may lead anywhere. */
struct meta_paging {
    struct bytes after, next;
};

static void take_paging(struct json_reader *reader, struct meta_paging *ret_paging)
{
    static const struct report_field cursors[] = {REPORT_FIELD("after", VIEW, meta_paging, after)};
    static const struct report_field paging[] = {
        REPORT_FIELD("next", VIEW, meta_paging, next),
        REPORT_PART("cursors", cursors),
    };
    report_take_object(reader, paging, COUNT(paging), ret_paging, NULL);
}

bool meta_look(struct arena *arena, struct bytes raw, struct report_cursor *cursor, bool *ret_more,
               struct err *err)
{
    struct json_reader reader = json_reader_of(raw, arena);
    struct meta_paging paging = {0};
    struct bytes name;
    bool open = json_reader_object(&reader);
    while (open && json_reader_member(&reader, &name))
        if (bytes_equal(name, bytes_of_text("paging")))
            take_paging(&reader, &paging);
        else
            json_reader_skip(&reader);
    if (!json_reader_end(&reader, err))
        return false;
    *ret_more = paging.next.length > 0;
    if (!*ret_more)
        return true;
    if (paging.after.length == 0 || paging.after.length > REPORT_TOKEN_MAX
        || bytes_equal(paging.after, bytes_of_text(cursor->token)))
        return err_set(err, ERR_REJECT, "after: none, too long, or the one that was asked with");
    memcpy(cursor->token, paging.after.data, paging.after.length);
    cursor->token[paging.after.length] = '\0';
    return true;
}

static void take_rows(struct json_reader *reader, const char *account, enum report_level level,
                      struct report *report)
{
    struct meta_row last = {.row = report_row_empty()}, row;
    struct bytes id = bytes_of_text(id_of(account));
    size_t capacity = 0;
    bool open = json_reader_array(reader);
    while (open && json_reader_item(reader)) {
        row = (struct meta_row){.row = report_row_empty(), .stop = -1};
        row.row.day = -1;
        report_take_object(reader, row_fields, COUNT(row_fields), &row, &last);
        if (reader->failure)
            return;
        if (row.account.length > 0 && !bytes_equal(row.account, id))
            json_reader_fail(reader, "account_id: another account");
        else if (!row.row.campaign[0]
                 || (level == REPORT_ADS && (!row.row.ad[0] || !row.row.ad_group[0])))
            json_reader_fail(reader, "a row: without its id");
        else if (row.row.day < 0 || row.row.day != row.stop)
            json_reader_fail(reader, "a row: not of one day");
        else if (!report_same_books(reader->arena, report, row.currency, (struct bytes){0}))
            json_reader_fail(reader, "account_currency: malformed, or not one");
        else if (!report_add_row(reader->arena, report, &row.row, &capacity))
            json_reader_fail(reader, "data: too many rows");
        last = row;
    }
}

bool meta_take_report(struct arena *arena, const char *account, enum report_level level,
                      struct bytes raw, struct report *report, struct err *err)
{
    struct json_reader reader = json_reader_of(raw, arena);
    struct bytes name;
    bool seen = false;
    bool open = json_reader_object(&reader);
    report->setting = setting;
    while (open && json_reader_member(&reader, &name)) {
        bool data = bytes_equal(name, bytes_of_text("data"));
        if (data && seen)
            json_reader_fail(&reader, "data: it comes twice");
        else if (data)
            take_rows(&reader, account, level, report);
        else
            json_reader_skip(&reader);
        seen |= data;
    }
    return json_reader_end(&reader, err);
}

void meta_read_account(struct platform *platform, struct arena *arena,
                       struct report_account *account)
{
    OWNED(json_t) *json = NULL;
    struct err err = {0};
    struct meta_call call = {.account = account->account, .edge = ""};
    http_form_add(&call.query, "fields", "currency,timezone_name");
    meta_call_run(&platform->meta, &call);
    account->reply = call.reply;
    if (call.reply.fate == PLATFORM_OK
        && (!json_parse(buffer_view(&call.answer), account_bytes_max, &json, &err)
            || !report_take_books(arena, json, "currency", "timezone_name", account)))
        account->reply = platform_reply_of(PLATFORM_TRANSIENT, "unreadable_answer");
    buffer_done(&call.answer);
}
