#include "ga4_filter.h"

#include "regexp.h"
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum kind {
    FILTER_AND,
    FILTER_OR,
    FILTER_NOT,
    FILTER_STRING,
    FILTER_LIST,
    FILTER_NUMBER,
    FILTER_BETWEEN,
    FILTER_EMPTY
};

enum { MATCH_EXACT = 1, MATCH_BEGINS, MATCH_ENDS, MATCH_CONTAINS, MATCH_FULL, MATCH_PARTIAL };
enum { EQUAL = 1, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL };

static const struct enum_type match_types = {
    "MatchType",
    {{MATCH_EXACT, "EXACT"},
      {MATCH_BEGINS, "BEGINS_WITH"},
      {MATCH_ENDS, "ENDS_WITH"},
      {MATCH_CONTAINS, "CONTAINS"},
      {MATCH_FULL, "FULL_REGEXP"},
      {MATCH_PARTIAL, "PARTIAL_REGEXP"},
      {0, NULL}}
};
static const struct enum_type operations = {
    "Operation",
    {{EQUAL, "EQUAL"},
      {LESS, "LESS_THAN"},
      {LESS_EQUAL, "LESS_THAN_OR_EQUAL"},
      {GREATER, "GREATER_THAN"},
      {GREATER_EQUAL, "GREATER_THAN_OR_EQUAL"},
      {0, NULL}}
};

struct ga4_filter {
    enum kind kind;
    const struct ga4_dimension *dimension; /* or */
    const struct ga4_metric *metric;
    int how; /* MATCH_* or an operation */
    bool case_sensitive;
    const char **texts;
    size_t count; /* of texts, or of inner filters */
    double low, high;
    struct regexp *regexp;
    struct ga4_filter *inner, *next; /* the first inner one; its siblings */
};

struct reader {
    struct arena *arena;
    bool metrics;
    struct err *err;
};

static bool reject(struct reader *reader, const char *text)
{
    return err_set(reader->err, ERR_REJECT, "%s", text);
}

static const char *keep(struct reader *reader, const char *text)
{
    return arena_text(reader->arena, text, strlen(text));
}

static bool read_string(struct reader *reader, const json_t *json, struct ga4_filter *filter)
{
    const char *text = json_string_value(wire_member(json, "value"));
    const json_t *how = wire_member(json, "match_type");
    char pattern[REGEXP_BYTES_MAX + 16] = "";
    filter->kind = FILTER_STRING;
    filter->how = MATCH_EXACT;
    filter->case_sensitive = wire_flag(json, "case_sensitive");
    filter->texts = arena_array(reader->arena, 1, sizeof *filter->texts);
    filter->texts[0] = keep(reader, text ? text : "");
    if (how && !wire_enum(how, &match_types, &filter->how))
        return reject(reader, "Unknown match type in a string filter.");
    if (filter->how != MATCH_FULL && filter->how != MATCH_PARTIAL)
        return true;
    bool fits = strlen(filter->texts[0]) <= REGEXP_BYTES_MAX - 16;
    snprintf(pattern, sizeof pattern, filter->how == MATCH_FULL ? "%s(?:%.*s)" : "%s.*(?:%.*s).*",
             filter->case_sensitive ? "" : "(?i)", REGEXP_BYTES_MAX - 16, filter->texts[0]);
    filter->regexp = fits ? regexp_new(pattern) : NULL;
    return filter->regexp || reject(reader, "Invalid regular expression in a string filter.");
}

static bool read_list(struct reader *reader, const json_t *json, struct ga4_filter *filter)
{
    const json_t *values = wire_member(json, "values");
    filter->kind = FILTER_LIST;
    filter->case_sensitive = wire_flag(json, "case_sensitive");
    filter->count = json_array_size(values);
    if (filter->count == 0 || filter->count > GA4_FILTER_VALUES_MAX)
        return reject(reader, "An inListFilter needs values.");
    filter->texts = arena_array(reader->arena, filter->count, sizeof *filter->texts);
    for (size_t i = 0; i < filter->count; i++) {
        const char *text = json_string_value(json_array_get(values, i));
        if (!text)
            return reject(reader, "An inListFilter's values are strings.");
        filter->texts[i] = keep(reader, text);
    }
    return true;
}

/* {"int64Value":"5"} or {"doubleValue":0.5} */
static bool read_number(struct reader *reader, const json_t *json, double *ret_number)
{
    const json_t *whole = wire_member(json, "int64_value"),
                 *real = wire_member(json, "double_value");
    int64_t number;
    if (wire_int64(whole, &number))
        *ret_number = (double)number;
    else if (json_is_number(real))
        *ret_number = json_number_value(real);
    else
        return reject(reader, "A numeric value is missing.");
    return true;
}

static bool read_operation(struct reader *reader, const json_t *json, struct ga4_filter *filter)
{
    filter->kind = FILTER_NUMBER;
    if (!wire_enum(wire_member(json, "operation"), &operations, &filter->how))
        return reject(reader, "Unknown operation in a numeric filter.");
    return read_number(reader, wire_member(json, "value"), &filter->low);
}

static bool read_between(struct reader *reader, const json_t *json, struct ga4_filter *filter)
{
    filter->kind = FILTER_BETWEEN;
    return read_number(reader, wire_member(json, "from_value"), &filter->low)
        && read_number(reader, wire_member(json, "to_value"), &filter->high);
}

static bool read_empty(struct reader *reader, const json_t *json, struct ga4_filter *filter)
{
    (void)reader;
    (void)json; /* it has no members */
    filter->kind = FILTER_EMPTY;
    return true;
}

static const struct {
    const char *name;
    bool of_metrics;
    bool (*read)(struct reader *reader, const json_t *json, struct ga4_filter *filter);
} leaves[] = {
    {"string_filter",  false, read_string   },
    {"in_list_filter", false, read_list     },
    {"numeric_filter", true,  read_operation},
    {"between_filter", true,  read_between  },
    {"empty_filter",   false, read_empty    },
};

static bool read_leaf(struct reader *reader, const json_t *json, struct ga4_filter *filter)
{
    const char *name = json_string_value(wire_member(json, "field_name"));
    filter->dimension = reader->metrics ? NULL : ga4_dimension(name);
    filter->metric = reader->metrics ? ga4_metric(name) : NULL;
    if (!filter->dimension && !filter->metric)
        return err_set(reader->err, ERR_REJECT, "Field %.60s is not a valid %s.", name ? name : "",
                       reader->metrics ? "metric" : "dimension");
    for (size_t i = 0; i < COUNT(leaves); i++) {
        const json_t *leaf = wire_member(json, leaves[i].name);
        if (leaf && (leaves[i].of_metrics || !reader->metrics))
            return leaves[i].read(reader, leaf, filter);
    }
    return reject(reader, "A filter needs a condition that its field can have.");
}

static bool read_expression(struct reader *reader, const json_t *json, int depth,
                            struct ga4_filter **ret_filter);

static bool read_group(struct reader *reader, const json_t *json, int depth,
                       struct ga4_filter *filter)
{
    const json_t *expressions = wire_member(json, "expressions");
    struct ga4_filter **last = &filter->inner;
    for (size_t i = 0; i < json_array_size(expressions); i++) {
        if (!read_expression(reader, json_array_get(expressions, i), depth + 1, last))
            return false;
        last = &(*last)->next;
    }
    return filter->inner || reject(reader, "A filter group has no expressions.");
}

static bool read_expression(struct reader *reader, const json_t *json, int depth,
                            struct ga4_filter **ret_filter)
{
    struct ga4_filter *filter = arena_new_bytes(reader->arena, sizeof *filter);
    const json_t *all = wire_member(json, "and_group"), *any = wire_member(json, "or_group");
    const json_t *not_this = wire_member(json, "not_expression");
    const json_t *leaf = wire_member(json, "filter");
    *ret_filter = filter; /* also half-read: it may hold an expression */
    if (depth > GA4_FILTER_DEPTH_MAX)
        return reject(reader, "The filter is nested too deeply.");
    if (leaf)
        return read_leaf(reader, leaf, filter);
    filter->kind = all ? FILTER_AND : any ? FILTER_OR : FILTER_NOT;
    if (not_this)
        return read_expression(reader, not_this, depth + 1, &filter->inner);
    if (!all && !any)
        return reject(reader, "A filter expression is empty.");
    return read_group(reader, all ? all : any, depth, filter);
}

bool ga4_filter_read(const json_t *json, bool metrics, struct arena *arena,
                     struct ga4_filter **ret_filter, struct err *err)
{
    struct reader reader = {arena, metrics, err};
    return !json || read_expression(&reader, json, 0, ret_filter);
}

void ga4_filter_done(struct ga4_filter *filter)
{
    for (; filter; filter = filter->next) {
        regexp_free(filter->regexp);
        ga4_filter_done(filter->inner);
    }
}

static bool ends_with(const char *text, const char *end, bool case_sensitive)
{
    size_t length = strlen(text), end_length = strlen(end);
    if (end_length > length)
        return false;
    text += length - end_length;
    return (case_sensitive ? strcmp(text, end) : strcasecmp(text, end)) == 0;
}

static bool text_fits(const struct ga4_filter *filter, const char *text)
{
    const char *wanted = filter->texts[0];
    bool exact = filter->case_sensitive;
    switch (filter->how) {
    case MATCH_BEGINS:
        return (exact ? strncmp(text, wanted, strlen(wanted))
                      : strncasecmp(text, wanted, strlen(wanted)))
            == 0;
    case MATCH_ENDS:
        return ends_with(text, wanted, exact);
    case MATCH_CONTAINS:
        return (exact ? strstr(text, wanted) : strcasestr(text, wanted)) != NULL;
    case MATCH_FULL:
    case MATCH_PARTIAL:
        return regexp_fits(filter->regexp, text);
    default:
        return (exact ? strcmp(text, wanted) : strcasecmp(text, wanted)) == 0;
    }
}

static bool list_fits(const struct ga4_filter *filter, const char *text)
{
    for (size_t i = 0; i < filter->count; i++)
        if ((filter->case_sensitive ? strcmp(text, filter->texts[i])
                                    : strcasecmp(text, filter->texts[i]))
            == 0)
            return true;
    return false;
}

static bool number_fits(const struct ga4_filter *filter, double number)
{
    switch (filter->how) {
    case LESS:
        return number < filter->low;
    case LESS_EQUAL:
        return number <= filter->low;
    case GREATER:
        return number > filter->low;
    case GREATER_EQUAL:
        return number >= filter->low;
    default:
        return number >= filter->low && number <= filter->low;
    }
}

static bool leaf_fits(const struct ga4_filter *filter, const struct ga4_subject *subject)
{
    const char *text =
        filter->dimension ? filter->dimension->value(subject->cell, subject->arena) : "";
    double number = filter->metric ? filter->metric->value(subject->counts) : strtod(text, NULL);
    switch (filter->kind) {
    case FILTER_STRING:
        return text_fits(filter, text);
    case FILTER_LIST:
        return list_fits(filter, text);
    case FILTER_NUMBER:
        return number_fits(filter, number);
    case FILTER_BETWEEN:
        return number >= filter->low && number <= filter->high;
    default:
        return text[0] == '\0';
    }
}

bool ga4_filter_fits(const struct ga4_filter *filter, const struct ga4_subject *subject)
{
    if (!filter)
        return true;
    if (filter->kind == FILTER_NOT)
        return !ga4_filter_fits(filter->inner, subject);
    if (filter->kind != FILTER_AND && filter->kind != FILTER_OR)
        return leaf_fits(filter, subject);
    bool all = filter->kind == FILTER_AND;
    for (const struct ga4_filter *inner = filter->inner; inner; inner = inner->next)
        if (ga4_filter_fits(inner, subject) != all)
            return !all;
    return all;
}
