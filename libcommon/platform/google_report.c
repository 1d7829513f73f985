/* google_report: campaigns and ads by day, page by page of googleAds:search.
 *
 * Not searchStream: that is one answer of any length, so a break near its end would cost all of it
 * and there would be nothing to keep meanwhile. A page of search is at most 10 000 rows, is kept
 * as it is, and only a broken one is asked again. */
#include "google.h"
#include "platform_row.h"
#include "report_fields.h"

#include <string.h>

static const char metrics_text[] =
    "segments.date, metrics.cost_micros, metrics.impressions, metrics.clicks, "
    "metrics.conversions, metrics.conversions_value, metrics.view_through_conversions";

static const char *const fields_of[] = {
    [REPORT_CAMPAIGNS] = "campaign.status",
    [REPORT_ADS] = "ad_group.id, ad_group_ad.ad.id, ad_group_ad.status",
};
static const char *const resource_of[] = {
    [REPORT_CAMPAIGNS] = "campaign", [REPORT_ADS] = "ad_group_ad"};
static const char *const order_of[] = {
    [REPORT_CAMPAIGNS] = "campaign.id", [REPORT_ADS] = "ad_group_ad.ad.id"};

static const char on_day_mask[] = "metrics.conversionsByConversionDate";

/* One of `results`. */
struct google_row {
    struct report_row row;
    struct bytes customer, currency, zone;
};

#define IN_ROW(name, form, member) REPORT_FIELD(name, form, google_row, member)

static const struct report_field customer_fields[] = {
    IN_ROW("resourceName", VIEW, customer),
    IN_ROW("currencyCode", VIEW, currency),
    IN_ROW("timeZone", VIEW, zone),
};
static const struct report_field campaign_fields[] = {
    IN_ROW("status", WORD, row.status),
    IN_ROW("advertisingChannelType", WORD, row.type),
    IN_ROW("id", ID, row.campaign),
    IN_ROW("name", NAME, row.campaign_name),
};
static const struct report_field campaign_of_ad_fields[] = {
    IN_ROW("advertisingChannelType", WORD, row.type),
    IN_ROW("id", ID, row.campaign),
    IN_ROW("name", NAME, row.campaign_name),
};
static const struct report_field ad_group_fields[] = {
    IN_ROW("id", ID, row.ad_group),
};
static const struct report_field ad_fields[] = {
    IN_ROW("id", ID, row.ad),
};
static const struct report_field ad_group_ad_fields[] = {
    IN_ROW("status", WORD, row.status),
    REPORT_PART("ad", ad_fields),
};
static const struct report_field metrics_fields[] = {
    IN_ROW("clicks", COUNT, row.clicks),
    IN_ROW("conversionsValue", MAJORS, row.value_micros),
    IN_ROW("conversions", REAL, row.conversions),
    IN_ROW("conversionsByConversionDate", REAL, row.conversions_on_day),
    IN_ROW("costMicros", MICROS, row.cost_micros),
    IN_ROW("impressions", COUNT, row.impressions),
    IN_ROW("viewThroughConversions", COUNT, row.view_through),
};
static const struct report_field segments_fields[] = {
    IN_ROW("date", DAY, row.day),
};
static const struct report_field campaign_row[] = {
    REPORT_PART("customer", customer_fields),
    REPORT_PART("campaign", campaign_fields),
    REPORT_PART("metrics", metrics_fields),
    REPORT_PART("segments", segments_fields),
};
static const struct report_field ad_row[] = {
    REPORT_PART("customer", customer_fields), REPORT_PART("campaign", campaign_of_ad_fields),
    REPORT_PART("adGroup", ad_group_fields),  REPORT_PART("adGroupAd", ad_group_ad_fields),
    REPORT_PART("metrics", metrics_fields),   REPORT_PART("segments", segments_fields),
};

void google_ask_report(const struct report_ask *ask, struct buffer *query)
{
    char from[REPORT_DATE_TEXT], to[REPORT_DATE_TEXT];
    report_date(ask->from, from);
    report_date(ask->to, to);
    buffer_format(query,
                  "SELECT customer.currency_code, customer.time_zone, campaign.id, campaign.name, "
                  "campaign.advertising_channel_type, %s, %s%s FROM %s "
                  "WHERE segments.date BETWEEN '%s' AND '%s' ORDER BY %s, segments.date",
                  fields_of[ask->level], metrics_text,
                  ask->on_day ? ", metrics.conversions_by_conversion_date" : "",
                  resource_of[ask->level], from, to, order_of[ask->level]);
}

void google_ask_report_page(struct platform *platform, struct arena *arena,
                            struct report_page *page)
{
    struct buffer query = {0};
    google_ask_report(page->ask, &query);
    struct google_call call = {
        .customer = google_customer(page->ask->account),
        .method = "googleAds:search",
        .body = google_search_body(arena, (const char *)query.data,
                                   page->cursor->token[0] ? page->cursor->token : NULL),
        .tries_max = 1,
        .start_boot_ms = page->start_boot_ms,
    };
    google_calls_run(&platform->google, &call, 1);
    page->reply = call.reply;
    page->answer = call.answer;
    buffer_done(&query);
}

bool google_look(struct arena *arena, struct bytes raw, struct report_cursor *cursor,
                 bool *ret_more, struct err *err)
{
    struct json_reader reader = json_reader_of(raw, arena);
    struct bytes name, token = {0};
    bool open = json_reader_object(&reader);
    while (open && json_reader_member(&reader, &name))
        if (bytes_equal(name, bytes_of_text("nextPageToken")))
            token = json_reader_text(&reader);
        else
            json_reader_skip(&reader);
    if (!json_reader_end(&reader, err))
        return false;
    if (token.length > REPORT_TOKEN_MAX
        || (token.length > 0 && bytes_equal(token, bytes_of_text(cursor->token))))
        return err_set(err, ERR_REJECT, "nextPageToken: too long, or the one that was asked with");
    if (token.length > 0)
        memcpy(cursor->token, token.data, token.length);
    cursor->token[token.length] = '\0';
    *ret_more = token.length > 0;
    return true;
}

static bool is_customer(struct bytes resource_name, const char *customer)
{
    static const char head[] = "customers/";
    return resource_name.length == sizeof head - 1 + strlen(customer)
        && memcmp(resource_name.data, head, sizeof head - 1) == 0
        && memcmp(resource_name.data + sizeof head - 1, customer, strlen(customer)) == 0;
}

static bool row_whole(const struct google_row *row, enum report_level level)
{
    return row->row.campaign[0] && row->row.day >= 0
        && (level != REPORT_ADS || (row->row.ad[0] && row->row.ad_group[0]));
}

static void take_rows(struct json_reader *reader, const char *account, enum report_level level,
                      struct report *report)
{
    const struct report_field *fields = level == REPORT_ADS ? ad_row : campaign_row;
    size_t count = level == REPORT_ADS ? COUNT(ad_row) : COUNT(campaign_row);
    const char *customer = google_customer(account);
    struct google_row last = {.row = report_row_empty()}, row;
    size_t capacity = 0;
    if (!json_reader_array(reader))
        return;
    while (json_reader_item(reader)) {
        row = (struct google_row){.row = report_row_empty()};
        row.row.day = -1;
        report_take_object(reader, fields, count, &row, &last);
        if (reader->failure)
            return;
        if (row.customer.length > 0 && !is_customer(row.customer, customer))
            json_reader_fail(reader, "customer: another account");
        else if (!row_whole(&row, level))
            json_reader_fail(reader, "a row: without its id or date");
        else if (!report_same_books(reader->arena, report, row.currency, row.zone))
            json_reader_fail(reader, "currencyCode or timeZone: malformed, or not one");
        else if (!report_add_row(reader->arena, report, &row.row, &capacity))
            json_reader_fail(reader, "results: too many rows");
        last = row;
    }
}

/* A comma-joined list. */
static bool mask_names(struct bytes mask, const char *name)
{
    size_t length = strlen(name);
    const uint8_t *at = mask.data, *end = mask.data + mask.length;
    while (at < end) {
        const uint8_t *comma = memchr(at, ',', (size_t)(end - at));
        const uint8_t *behind = comma ? comma : end;
        if ((size_t)(behind - at) == length && memcmp(at, name, length) == 0)
            return true;
        at = comma ? comma + 1 : end;
    }
    return false;
}

/* An absent metric that was asked for is zero. */
static void fill_on_day(struct report *report)
{
    for (size_t i = 0; i < report->row_count; i++)
        if (report->rows[i].conversions_on_day == -1)
            report->rows[i].conversions_on_day = 0;
}

bool google_take_report(struct arena *arena, const char *account, enum report_level level,
                        struct bytes raw, struct report *report, struct err *err)
{
    struct json_reader reader = json_reader_of(raw, arena);
    struct bytes name, mask = bytes_of_text("");
    bool seen = false;
    report->setting = "click_date";
    bool open = json_reader_object(&reader);
    while (open && json_reader_member(&reader, &name)) {
        bool results = bytes_equal(name, bytes_of_text("results"));
        if (results && seen)
            json_reader_fail(&reader, "results: they come twice");
        else if (results)
            take_rows(&reader, account, level, report);
        else if (bytes_equal(name, bytes_of_text("fieldMask")))
            mask = json_reader_text(&reader);
        else
            json_reader_skip(&reader);
        seen |= results;
    }
    if (!json_reader_end(&reader, err))
        return false;
    if (mask_names(mask, on_day_mask))
        fill_on_day(report);
    return true;
}
