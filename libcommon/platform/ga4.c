/* ga4: sessions by day, source, medium and campaign, in pages by offset.
 *
 * Pages are cut from a report that is computed anew for each, so they are only whole when all
 * are in one order and the number of rows stays the same between them. */
#include "ga4.h"

#include "clock.h"
#include "google.h"
#include "platform_row.h"
#include "report_fields.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { page_rows = 50000, columns_max = 16, path_max = 64 };
static const int64_t rows_max = (int64_t)REPORT_PAGES_MAX * page_rows;

static const struct report_field dimensions[] = {
    REPORT_FIELD("date", DAY, report_row, day),
    REPORT_FIELD("sessionSource", NAME, report_row, utm_source),
    REPORT_FIELD("sessionMedium", NAME, report_row, utm_medium),
    REPORT_FIELD("sessionCampaignName", NAME, report_row, campaign),
};
static const struct report_field metrics[] = {
    REPORT_FIELD("sessions", COUNT, report_row, sessions),
    REPORT_FIELD("totalUsers", COUNT, report_row, users),
    REPORT_FIELD("keyEvents", REAL, report_row, conversions),
    REPORT_FIELD("totalRevenue", MAJORS, report_row, value_micros),
};

/* What a page says about itself. Its rows are read once the headers are known: mostly when they
 * come, else by a second walk. */
struct ga4_page {
    struct report *report;
    struct json_reader rows; /* before their array, which was passed over; begin NULL: no such */
    bool has_rows;
    const struct report_field *dimensions[columns_max], *metrics[columns_max];
    size_t dimension_count, metric_count;
    struct bytes currency, zone;
    bool sampled, thresholded, lumped;
};

static const char *property_of(const char *account)
{
    return account + strlen("ga4/");
}

bool ga4_account_valid(const char *account)
{
    return platform_digits_valid(property_of(account));
}

static void add_names(struct buffer *body, const char *key, const struct report_field fields[],
                      size_t count)
{
    buffer_format(body, ",\"%s\":[", key);
    for (size_t i = 0; i < count; i++)
        buffer_format(body, "%s{\"name\":\"%s\"}", i ? "," : "", fields[i].name);
    buffer_add_text(body, "]");
}

void ga4_ask_report(int32_t from, int32_t to, int64_t offset, int64_t limit, struct buffer *body)
{
    char first[REPORT_DATE_TEXT], last[REPORT_DATE_TEXT];
    report_date(from, first);
    report_date(to, last);
    buffer_format(body, "{\"dateRanges\":[{\"startDate\":\"%s\",\"endDate\":\"%s\"}]", first, last);
    add_names(body, "dimensions", dimensions, COUNT(dimensions));
    add_names(body, "metrics", metrics, COUNT(metrics));
    buffer_add_text(body, ",\"orderBys\":[");
    for (size_t i = 0; i < COUNT(dimensions); i++)
        buffer_format(body, "%s{\"dimension\":{\"dimensionName\":\"%s\"}}", i ? "," : "",
                      dimensions[i].name);
    buffer_format(body, "],\"limit\":\"%" PRId64 "\",\"offset\":\"%" PRId64 "\"}", limit, offset);
}

static void run_report(struct platform *platform, const char *account, struct buffer *body,
                       int tries_max, int64_t start_boot_ms, struct google_call *call)
{
    char path[path_max];
    (void)snprintf(path, sizeof path, "properties/%s:runReport", property_of(account));
    *call = (struct google_call){
        .analytics = path,
        .body = buffer_view(body),
        .tries_max = tries_max,
        .start_boot_ms = start_boot_ms,
    };
    if (platform->google.settings.ga4_url)
        google_calls_run(&platform->google, call, 1);
    else
        call->reply = platform_reply_of(PLATFORM_PERMANENT, "not_configured");
}

void ga4_ask_report_page(struct platform *platform, struct arena *arena, struct report_page *page)
{
    BUFFER body = {0};
    struct google_call call;
    (void)arena;
    ga4_ask_report(page->ask->from, page->ask->to, page->cursor->offset, page_rows, &body);
    run_report(platform, page->ask->account, &body, 1, page->start_boot_ms, &call);
    page->reply = call.reply;
    page->answer = call.answer;
}

static void take_row_count(struct json_reader *reader, int64_t *ret_count)
{
    static const struct report_field field = {.rule = "rowCount: malformed",
                                              .form = REPORT_FORM_COUNT};
    report_take_value(reader, &field, ret_count, NULL);
}

static int64_t count_items(struct json_reader *reader)
{
    int64_t count = 0;
    bool open = json_reader_array(reader);
    for (; open && json_reader_item(reader); count++)
        json_reader_skip(reader);
    return count;
}

bool ga4_look(struct arena *arena, struct bytes raw, struct report_cursor *cursor, bool *ret_more,
              struct err *err)
{
    struct json_reader reader = json_reader_of(raw, arena);
    struct bytes name;
    int64_t total = 0, count = 0;
    bool open = json_reader_object(&reader);
    while (open && json_reader_member(&reader, &name))
        if (bytes_equal(name, bytes_of_text("rowCount")))
            take_row_count(&reader, &total);
        else if (bytes_equal(name, bytes_of_text("rows")))
            count += count_items(&reader);
        else
            json_reader_skip(&reader);
    if (!json_reader_end(&reader, err))
        return false;
    if (cursor->offset > 0 && total != cursor->total)
        return err_set(err, ERR_RETRY, "rowCount: not what it was a page before");
    if (total < 0 || total > rows_max || count > total - cursor->offset
        || (count == 0 && total > cursor->offset))
        return err_set(err, ERR_REJECT, "rowCount: not that of the rows");
    cursor->offset += count;
    cursor->total = total;
    *ret_more = cursor->offset < total;
    return true;
}

/* Columns that we did not ask for stay NULL. */
static void take_headers(struct json_reader *reader, const struct report_field known[],
                         size_t known_count, const struct report_field *columns[],
                         size_t *ret_count)
{
    static const struct report_field name_field[] = {
        {.name = "name",
         .name_length = 4,
         .form = REPORT_FORM_VIEW,
         .rule = "a header's name: malformed"}
    };
    if (*ret_count > 0)
        json_reader_fail(reader, "headers: they come twice");
    if (!json_reader_array(reader))
        return;
    while (json_reader_item(reader)) {
        struct bytes name = {0};
        report_take_object(reader, name_field, 1, &name, NULL);
        if (*ret_count == columns_max) {
            json_reader_fail(reader, "headers: too many");
            return;
        }
        columns[*ret_count] = NULL;
        for (size_t i = 0; i < known_count; i++)
            if (bytes_equal(name, bytes_of(known[i].name, known[i].name_length)))
                columns[*ret_count] = &known[i];
        ++*ret_count;
    }
}

/* Each of the known ones once. */
static bool headers_whole(const struct report_field known[], size_t known_count,
                          const struct report_field *const columns[], size_t count)
{
    for (size_t i = 0; i < known_count; i++) {
        size_t found = 0;
        for (size_t n = 0; n < count; n++)
            found += columns[n] == &known[i];
        if (found != 1)
            return false;
    }
    return true;
}

static bool take_flag(struct json_reader *reader)
{
    if (json_reader_next(reader) != JSON_NEXT_NULL)
        return json_reader_bool(reader);
    json_reader_skip(reader);
    return false;
}

static void take_metadata(struct json_reader *reader, struct ga4_page *page)
{
    struct bytes name;
    if (!json_reader_object(reader))
        return;
    while (json_reader_member(reader, &name))
        if (bytes_equal(name, bytes_of_text("currencyCode")))
            page->currency = json_reader_text(reader);
        else if (bytes_equal(name, bytes_of_text("timeZone")))
            page->zone = json_reader_text(reader);
        else if (bytes_equal(name, bytes_of_text("dataLossFromOtherRow")))
            page->lumped = take_flag(reader);
        else if (bytes_equal(name, bytes_of_text("subjectToThresholding")))
            page->thresholded = take_flag(reader);
        else if (bytes_equal(name, bytes_of_text("samplingMetadatas")))
            page->sampled = count_items(reader) > 0;
        else
            json_reader_skip(reader);
}

/* [{"value":"cpc"},{}]: one for each column; an empty text may be left out. */
static void take_values(struct json_reader *reader, const struct report_field *const columns[],
                        size_t count, struct report_row *row, const struct report_row *last)
{
    size_t at = 0;
    struct bytes name;
    if (!json_reader_array(reader))
        return;
    for (; json_reader_item(reader); at++) {
        if (at == count || !json_reader_object(reader)) {
            json_reader_fail(reader, "values: more than headers");
            return;
        }
        while (json_reader_member(reader, &name))
            if (columns[at] && bytes_equal(name, bytes_of_text("value")))
                report_take_value(reader, columns[at], row, last);
            else
                json_reader_skip(reader);
    }
    if (at < count)
        json_reader_fail(reader, "values: fewer than headers");
}

static void take_row(struct json_reader *reader, const struct ga4_page *page,
                     struct report_row *row, const struct report_row *last)
{
    int dimension_lists = 0, metric_lists = 0;
    struct bytes name;
    bool open = json_reader_object(reader);
    while (open && json_reader_member(reader, &name))
        if (bytes_equal(name, bytes_of_text("dimensionValues"))) {
            take_values(reader, page->dimensions, page->dimension_count, row, last);
            dimension_lists++;
        } else if (bytes_equal(name, bytes_of_text("metricValues"))) {
            take_values(reader, page->metrics, page->metric_count, row, last);
            metric_lists++;
        } else {
            json_reader_skip(reader);
        }
    row->campaign_name = row->campaign;
    if (dimension_lists != 1 || metric_lists != 1 || row->day < 0)
        json_reader_fail(reader, "a row: without its date or its values");
}

static void take_rows(struct json_reader *reader, const struct ga4_page *page)
{
    struct report_row last = report_row_empty();
    size_t capacity = 0;
    if (!json_reader_array(reader))
        return;
    while (json_reader_item(reader)) {
        struct report_row row = report_row_empty();
        row.day = -1;
        take_row(reader, page, &row, &last);
        if (!reader->failure && !report_add_row(reader->arena, page->report, &row, &capacity))
            json_reader_fail(reader, "rows: too many");
        last = row;
    }
}

static bool page_has_headers(const struct ga4_page *page)
{
    return headers_whole(dimensions, COUNT(dimensions), page->dimensions, page->dimension_count)
        && headers_whole(metrics, COUNT(metrics), page->metrics, page->metric_count);
}

static void take_member(struct json_reader *reader, struct bytes name, struct ga4_page *page)
{
    if (bytes_equal(name, bytes_of_text("dimensionHeaders"))) {
        take_headers(reader, dimensions, COUNT(dimensions), page->dimensions,
                     &page->dimension_count);
    } else if (bytes_equal(name, bytes_of_text("metricHeaders"))) {
        take_headers(reader, metrics, COUNT(metrics), page->metrics, &page->metric_count);
    } else if (bytes_equal(name, bytes_of_text("metadata"))) {
        take_metadata(reader, page);
    } else if (bytes_equal(name, bytes_of_text("rows"))) {
        if (page->has_rows)
            json_reader_fail(reader, "rows: they come twice");
        page->has_rows = true;
        if (page_has_headers(page)) {
            take_rows(reader, page);
        } else {
            page->rows = *reader;
            json_reader_skip(reader);
        }
    } else {
        json_reader_skip(reader);
    }
}

bool ga4_take_report(struct arena *arena, const char *account, enum report_level level,
                     struct bytes raw, struct report *report, struct err *err)
{
    struct json_reader reader = json_reader_of(raw, arena);
    struct ga4_page page = {.report = report};
    struct bytes name;
    (void)account, (void)level;
    report->setting = "session";
    bool open = json_reader_object(&reader);
    while (open && json_reader_member(&reader, &name))
        take_member(&reader, name, &page);
    if (!json_reader_end(&reader, err))
        return false;
    report->sampled = page.sampled;
    report->thresholded = page.thresholded;
    report->lumped = page.lumped;
    if (!report_same_books(arena, report, page.currency, page.zone))
        return err_set(err, ERR_REJECT, "metadata: currencyCode or timeZone malformed");
    if (!page.rows.begin)
        return true;
    if (!page_has_headers(&page))
        return err_set(err, ERR_REJECT, "headers: not those that were asked for");
    take_rows(&page.rows, &page);
    return json_reader_good(&page.rows, err);
}

/* Currency and zone stand beside every report, also an empty one. */
void ga4_read_account(struct platform *platform, struct arena *arena,
                      struct report_account *account)
{
    BUFFER body = {0};
    struct google_call call;
    struct report report = {.zone = ""};
    struct err err = {0};
    int32_t today = (int32_t)(clock_unix_micros() / 86400000000);
    ga4_ask_report(today, today, 0, 1, &body);
    run_report(platform, account->account, &body, 0, 0, &call);
    account->reply = call.reply;
    if (call.reply.fate == PLATFORM_OK
        && (!ga4_take_report(arena, account->account, REPORT_SESSIONS, buffer_view(&call.answer),
                             &report, &err)
            || !report.currency[0] || !report.zone[0]))
        account->reply = platform_reply_of(PLATFORM_TRANSIENT, "unreadable_answer");
    if (account->reply.fate == PLATFORM_OK) {
        memcpy(account->currency, report.currency, sizeof report.currency);
        account->zone = report.zone;
    }
    google_calls_done(&call, 1);
}
