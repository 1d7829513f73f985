#include "google_search.h"

#include "hash.h"
#include "select.h"
#include "wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A page token is the next row and a digest of the query, so that it only continues that query. */
static void token_write(const char *query, size_t row, char token[static 40])
{
    char digest[2 * HASH_BYTES + 1];
    struct hash hash = hash_sha256(bytes_of_text(query));
    hex_encode(hash_view(&hash), digest);
    snprintf(token, 40, "%016zx%.16s", row, digest);
}

static bool token_read(const char *query, const char *token, size_t *ret_row)
{
    char expected[40];
    size_t row;
    if (strlen(token) != 32 || sscanf(token, "%16zx", &row) != 1)
        return false;
    token_write(query, row, expected);
    *ret_row = row;
    return strcmp(token, expected) == 0;
}

enum summary { SUMMARY_NONE, SUMMARY_WITH_ROWS, SUMMARY_ALONE };

static enum summary read_summary(const json_t *json)
{
    static const struct enum_type settings = {
        "SummaryRowSetting",
        {{2, "NO_SUMMARY_ROW"},
          {3, "SUMMARY_ROW_WITH_RESULTS"},
          {4, "SUMMARY_ROW_ONLY"},
          {0, NULL}}
    };
    int number;
    if (!json || !wire_enum(json, &settings, &number) || number == 2)
        return SUMMARY_NONE;
    return number == 3 ? SUMMARY_WITH_ROWS : SUMMARY_ALONE;
}

static void write_rest(struct json_writer *writer, const struct google_search *search,
                       const struct gaql *query)
{
    writer_key(writer, "fieldMask");
    select_write_mask(writer, query);
    if (search->stream) {
        writer_key(writer, "requestId");
        writer_text(writer, search->request_id);
    }
    writer_key(writer, "queryResourceConsumption");
    writer_int64(writer, 210);
}

static void write_summary(struct json_writer *writer, const struct gaql *query,
                          const struct selection *selection)
{
    writer_key(writer, "summaryRow");
    select_write_summary(writer, query, selection);
}

/* Batches of rows; the summary has one of its own, behind them. */
static void write_stream(const struct google_search *search, const struct gaql *query,
                         const struct selection *selection, enum summary summary,
                         struct buffer *out)
{
    struct json_writer writer = {.out = out};
    size_t count = summary == SUMMARY_ALONE ? 0 : selection->count;
    size_t first = 0;
    writer_open(&writer, '[');
    do {
        writer_open(&writer, '{');
        if (count) {
            writer_key(&writer, "results");
            select_write_rows(&writer, query, selection, first, SEARCH_PAGE_ROWS);
        } else if (summary != SUMMARY_NONE) {
            write_summary(&writer, query, selection);
        }
        write_rest(&writer, search, query);
        writer_close(&writer, '}');
        first += SEARCH_PAGE_ROWS;
    } while (first < count);
    if (count && summary != SUMMARY_NONE) {
        writer_open(&writer, '{');
        write_summary(&writer, query, selection);
        write_rest(&writer, search, query);
        writer_close(&writer, '}');
    }
    writer_close(&writer, ']');
}

struct page {
    const struct gaql *query;
    const struct selection *selection;
    const char *text; /* the query's */
    size_t first, next;
    bool rows, summary, total;
    bool more; /* a page behind this one */
};

/* Behind the last rows the summary has a page of its own. */
static void open_page(const struct google_search *search, const json_t *body, struct page *page)
{
    const json_t *settings = wire_member(body, "search_settings");
    bool summary = wire_flag(settings, "return_summary_row");
    size_t count = page->selection->count;
    page->rows = !wire_flag(settings, "omit_results") && page->first < count;
    page->total = wire_flag(settings, "return_total_results_count");
    page->next = page->first + SEARCH_PAGE_ROWS < count ? page->first + SEARCH_PAGE_ROWS : count;
    page->more = page->rows && (page->next < count || summary);
    page->summary = summary && !page->rows;
    if (page->rows && faults_strike(search->faults, FAULT_EMPTY_PAGE, false)) {
        page->rows = false;
        page->next = page->first;
        page->more = true;
    }
}

static void write_page(const struct google_search *search, const struct page *page,
                       struct buffer *out)
{
    struct json_writer writer = {.out = out};
    char token[40];
    writer_open(&writer, '{');
    if (page->rows) {
        writer_key(&writer, "results");
        select_write_rows(&writer, page->query, page->selection, page->first, SEARCH_PAGE_ROWS);
    }
    if (page->more) {
        token_write(page->text, page->next, token);
        writer_key(&writer, "nextPageToken");
        writer_text(&writer, token);
    }
    if (page->total) {
        writer_key(&writer, "totalResultsCount");
        writer_int64(&writer, (int64_t)page->selection->count);
    }
    if (page->summary)
        write_summary(&writer, page->query, page->selection);
    write_rest(&writer, search, page->query);
    writer_close(&writer, '}');
}

bool google_search_continues(const json_t *body)
{
    const char *token = json_string_value(wire_member(body, "page_token"));
    return token && *token;
}

static bool check_body(const json_t *body, const char *text, size_t *ret_first,
                       struct failure *failure)
{
    const char *token = json_string_value(wire_member(body, "page_token"));
    int64_t page_size = 0;
    *ret_first = 0;
    if (!text || !*text)
        return failure_at(failure, "query", NULL, "requestError", "REQUIRED_FIELD_MISSING",
                          "Required field is missing.");
    if (strlen(text) > GAQL_BYTES_MAX)
        return failure_set(failure, "queryError", "QUERY_ERROR", "The query is too long.");
    if (wire_int64(wire_member(body, "page_size"), &page_size) && page_size != 0)
        return failure_at(failure, "page_size", NULL, "requestError", "PAGE_SIZE_NOT_SUPPORTED",
                          "Setting the page size is not supported.");
    return !token || !*token || token_read(text, token, ret_first)
        || failure_at(failure, "page_token", token, "requestError", "INVALID_PAGE_TOKEN",
                      "The page token is not valid.");
}

bool google_search(const struct google_search *search, const json_t *body, struct buffer *out,
                   struct failure *failure)
{
    const char *text = json_string_value(wire_member(body, "query"));
    const struct gaql_context context = {
        .customer_id = search->account->customer.id,
        .zone = search->account->customer.zone,
        .now_micros = search->now_micros,
        .arena = search->arena,
        .version = search->version,
        .manager = search->account->customer.manager,
    };
    const struct select_source source = {
        .account = search->account,
        .stage = search->stage,
        .faults = search->faults,
        .visible_until_micros = search->visible_until_micros,
    };
    struct gaql query;
    size_t first;
    if (!check_body(body, text, &first, failure) || !gaql_parse(text, &context, &query, failure))
        return false;
    if (wire_flag(body, "validate_only")) {
        buffer_add_text(out, "{}");
        return true;
    }
    struct selection selection = select_rows(&source, &query, search->arena);
    struct page page = {.query = &query, .selection = &selection, .text = text, .first = first};
    if (search->stream) {
        write_stream(search, &query, &selection,
                     read_summary(wire_member(body, "summary_row_setting")), out);
    } else {
        open_page(search, body, &page);
        write_page(search, &page, out);
    }
    return true;
}
