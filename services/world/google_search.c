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

static void write_stream(const struct google_search *search, const struct gaql *query,
                         const struct selection *selection, struct buffer *out)
{
    struct json_writer writer = {.out = out};
    size_t first = 0;
    writer_open(&writer, '[');
    do {
        writer_open(&writer, '{');
        if (selection->count) {
            writer_key(&writer, "results");
            select_write_rows(&writer, query, selection, first, SEARCH_PAGE_ROWS);
        }
        write_rest(&writer, search, query);
        writer_close(&writer, '}');
        first += SEARCH_PAGE_ROWS;
    } while (first < selection->count);
    writer_close(&writer, ']');
}

static void write_page(const struct google_search *search, const json_t *body, const char *text,
                       const struct gaql *query, const struct selection *selection, size_t first,
                       struct buffer *out)
{
    const json_t *settings = wire_member(body, "search_settings");
    struct json_writer writer = {.out = out};
    char token[40];
    writer_open(&writer, '{');
    if (!wire_flag(settings, "omit_results") && first < selection->count) {
        writer_key(&writer, "results");
        select_write_rows(&writer, query, selection, first, SEARCH_PAGE_ROWS);
        if (first + SEARCH_PAGE_ROWS < selection->count) {
            token_write(text, first + SEARCH_PAGE_ROWS, token);
            writer_key(&writer, "nextPageToken");
            writer_text(&writer, token);
        }
    }
    if (wire_flag(settings, "return_total_results_count")) {
        writer_key(&writer, "totalResultsCount");
        writer_int64(&writer, (int64_t)selection->count);
    }
    write_rest(&writer, search, query);
    writer_close(&writer, '}');
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
    };
    struct gaql query;
    size_t first;
    if (!check_body(body, text, &first, failure) || !gaql_parse(text, &context, &query, failure))
        return false;
    if (wire_flag(body, "validate_only")) {
        buffer_add_text(out, "{}");
        return true;
    }
    struct selection selection =
        select_rows(search->account, &query, search->visible_until_micros, search->arena);
    if (search->stream)
        write_stream(search, &query, &selection, out);
    else
        write_page(search, body, text, &query, &selection, first, out);
    return true;
}
