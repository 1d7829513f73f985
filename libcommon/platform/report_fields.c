#include "report_fields.h"

#include "clock.h"
#include "decimal.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { word_bytes_max = 64, id_digits_max = 20, zone_bytes_max = 64, rows_at_first = 64 };
static const int64_t count_max = 1000000000000000;
static const int64_t micros_max = 1000000000000000000;

static const char *text_in(const void *record, size_t at)
{
    const char *text;
    memcpy(&text, (const char *)record + at, sizeof text);
    return text;
}

static bool same_text(const char *text, struct bytes bytes)
{
    return strncmp(text, (const char *)bytes.data, bytes.length) == 0 && text[bytes.length] == '\0';
}

/* No text that a reader gives holds a NUL. */
static const char *keep_text(struct json_reader *reader, struct bytes text, const char *last)
{
    if (text.length == 0)
        return "";
    return same_text(last, text) ? last
                                 : arena_text(reader->arena, (const char *)text.data, text.length);
}

static const char *keep_word(struct json_reader *reader, struct bytes word, const char *last)
{
    char lower[word_bytes_max];
    if (word.length > sizeof lower)
        return NULL;
    for (size_t i = 0; i < word.length; i++) {
        uint8_t byte = word.data[i];
        bool letter = byte >= 'A' && byte <= 'Z';
        if (!letter && !(byte >= 'a' && byte <= 'z') && !(byte >= '0' && byte <= '9')
            && byte != '_')
            return NULL;
        lower[i] = (char)(letter ? byte + 'a' - 'A' : byte);
    }
    return keep_text(reader, bytes_of(lower, word.length), last);
}

static bool all_digits(struct bytes text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return text.length > 0;
}

static const char *keep_id(struct json_reader *reader, struct bytes id, const char *last)
{
    return id.length <= id_digits_max && all_digits(id) ? keep_text(reader, id, last) : NULL;
}

/* Of `count` digits. */
static int number_at(const uint8_t *at, int count)
{
    int number = 0;
    for (int i = 0; i < count; i++)
        number = number * 10 + (at[i] - '0');
    return number;
}

static bool day_of(struct bytes text, int32_t *ret_day)
{
    static const uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    uint8_t digits[8];
    bool dashes = text.length == 10 && text.data[4] == '-' && text.data[7] == '-';
    if (!dashes && text.length != sizeof digits)
        return false;
    memcpy(digits, text.data, 4);
    memcpy(digits + 4, text.data + 4 + dashes, 2);
    memcpy(digits + 6, text.data + 6 + (dashes ? 2 : 0), 2);
    if (!all_digits(bytes_of(digits, sizeof digits)))
        return false;
    int year = number_at(digits, 4), month = number_at(digits + 4, 2);
    int day = number_at(digits + 6, 2);
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (year < 1970 || month < 1 || month > 12 || day < 1
        || day > lengths[month - 1] + (leap && month == 2))
        return false;
    *ret_day = (int32_t)clock_days(year, month, day);
    return true;
}

/* A text's bytes, or a number's. */
static struct bytes take_scalar(struct json_reader *reader)
{
    return json_reader_next(reader) == JSON_NEXT_NUMBER ? json_reader_number(reader)
                                                        : json_reader_text(reader);
}

/* False: not of its form. */
static bool place(struct json_reader *reader, const struct report_field *field, struct bytes value,
                  char *target, const char *last)
{
    const char *text = NULL;
    switch (field->form) {
    case REPORT_FORM_NAME:
        text = value.length <= REPORT_TEXT_MAX ? keep_text(reader, value, last) : NULL;
        break;
    case REPORT_FORM_WORD:
        text = keep_word(reader, value, last);
        break;
    case REPORT_FORM_ID:
        text = keep_id(reader, value, last);
        break;
    case REPORT_FORM_COUNT:
        return decimal_int(value, count_max, (int64_t *)(void *)target);
    case REPORT_FORM_MICROS:
        return decimal_int(value, micros_max, (int64_t *)(void *)target);
    case REPORT_FORM_MAJORS:
        return decimal_micros(value, micros_max, (int64_t *)(void *)target);
    case REPORT_FORM_REAL:
        return decimal_real(value, (double *)(void *)target)
            && fabs(*(double *)(void *)target) <= (double)count_max;
    case REPORT_FORM_DAY:
        return day_of(value, (int32_t *)(void *)target);
    case REPORT_FORM_VIEW:
        memcpy(target, &value, sizeof value);
        return true;
    case REPORT_FORM_OBJECT:
    case REPORT_FORM_OWN:
        break;
    }
    memcpy(target, &text, sizeof text);
    return text != NULL;
}

void report_take_value(struct json_reader *reader, const struct report_field *field, void *record,
                       const void *last)
{
    if (field->form == REPORT_FORM_OBJECT) {
        report_take_object(reader, field->members, field->member_count, record, last);
        return;
    }
    if (field->form == REPORT_FORM_OWN) {
        field->take(reader, record);
        return;
    }
    bool numeric = field->form != REPORT_FORM_NAME && field->form != REPORT_FORM_WORD
        && field->form != REPORT_FORM_VIEW && field->form != REPORT_FORM_DAY;
    bool is_text = field->form <= REPORT_FORM_ID;
    struct bytes value = numeric ? take_scalar(reader) : json_reader_text(reader);
    if (!reader->failure
        && !place(reader, field, value, (char *)record + field->at,
                  is_text ? text_in(last, field->at) : NULL))
        json_reader_fail(reader, field->rule);
}

/* Members come in the same order each time, so the search goes on where the last one ended. */
static size_t find(const struct report_field fields[], size_t count, size_t from, struct bytes name)
{
    for (size_t n = 0; n < count; n++) {
        size_t i = from + n < count ? from + n : from + n - count;
        if (fields[i].name_length == name.length
            && memcmp(fields[i].name, name.data, name.length) == 0)
            return i;
    }
    return count;
}

void report_take_object(struct json_reader *reader, const struct report_field fields[],
                        size_t count, void *record, const void *last)
{
    uint32_t seen = 0;
    size_t from = 0;
    struct bytes name;
    assert(count <= 32); /* bits of seen */
    if (!json_reader_object(reader))
        return;
    while (json_reader_member(reader, &name)) {
        size_t i = find(fields, count, from, name);
        if (i == count || json_reader_next(reader) == JSON_NEXT_NULL) {
            json_reader_skip(reader);
            continue;
        }
        if (seen & 1U << i)
            json_reader_fail(reader, "a member comes twice");
        else
            report_take_value(reader, &fields[i], record, last);
        seen |= 1U << i;
        from = i + 1 < count ? i + 1 : 0;
    }
}

struct report_row report_row_empty(void)
{
    return (struct report_row){
        .campaign = "",
        .campaign_name = "",
        .type = "",
        .status = "",
        .ad_group = "",
        .ad = "",
        .utm_source = "",
        .utm_medium = "",
        .conversions_on_day = -1,
    };
}

bool report_add_row(struct arena *arena, struct report *report, const struct report_row *row,
                    size_t *capacity)
{
    if (report->row_count == REPORT_ROWS_MAX)
        return false;
    if (report->row_count == *capacity) {
        *capacity = *capacity ? *capacity * 2 : rows_at_first;
        struct report_row *rows = arena_array(arena, *capacity, sizeof *rows);
        if (report->row_count > 0)
            memcpy(rows, report->rows, report->row_count * sizeof *rows);
        report->rows = rows;
    }
    report->rows[report->row_count++] = *row;
    return true;
}

static bool currency_valid(struct bytes code)
{
    for (size_t i = 0; i < code.length; i++)
        if (code.data[i] < 'A' || code.data[i] > 'Z')
            return false;
    return code.length == 3;
}

static bool zone_valid(struct bytes zone)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                  "/_+-";
    for (size_t i = 0; i < zone.length; i++)
        if (!memchr(allowed, zone.data[i], sizeof allowed - 1))
            return false;
    return zone.length <= zone_bytes_max;
}

bool report_same_books(struct arena *arena, struct report *report, struct bytes currency,
                       struct bytes zone)
{
    if (currency.length > 0 && !same_text(report->currency, currency)) {
        if (report->currency[0] || !currency_valid(currency))
            return false;
        memcpy(report->currency, currency.data, currency.length);
    }
    if (zone.length > 0 && !same_text(report->zone, zone)) {
        if (report->zone[0] || !zone_valid(zone))
            return false;
        report->zone = arena_text(arena, (const char *)zone.data, zone.length);
    }
    return true;
}

bool report_take_books(struct arena *arena, const json_t *object, const char *currency_name,
                       const char *zone_name, struct report_account *account)
{
    struct report books = {.zone = ""};
    struct err err = {0};
    const char *currency = NULL, *zone = NULL;
    if (!json_need_text(object, currency_name, sizeof books.currency - 1, &currency, &err)
        || !json_need_text(object, zone_name, zone_bytes_max, &zone, &err)
        || !report_same_books(arena, &books, bytes_of_text(currency), bytes_of_text(zone)))
        return false;
    memcpy(account->currency, books.currency, sizeof books.currency);
    account->zone = books.zone;
    return books.currency[0] && books.zone[0];
}
