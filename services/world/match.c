#include "match.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool is_regexp(const struct gaql_condition *condition)
{
    return condition->relation == GAQL_REGEXP_MATCH || condition->relation == GAQL_NOT_REGEXP_MATCH;
}

void match_open(struct match *match, const struct gaql *query)
{
    match->query = query;
    for (size_t i = 0; i < query->where_count; i++) {
        match->regexps[i] =
            is_regexp(&query->where[i]) ? regexp_new(query->where[i].values[0].text) : NULL;
        assert(match->regexps[i] || !is_regexp(&query->where[i])); /* the parser had it before */
    }
}

void match_close(struct match *match)
{
    for (size_t i = 0; i < match->query->where_count; i++)
        regexp_free(match->regexps[i]);
}

/* One pattern element at `pattern` against one byte; sets how long the element is. */
static bool like_one(const char *pattern, char c, size_t *ret_length)
{
    bool bracket = pattern[0] == '[' && pattern[1] && pattern[2] == ']';
    *ret_length = bracket ? 3 : 1;
    if (bracket)
        return pattern[1] == c;
    return *pattern == '_' || *pattern == c;
}

bool match_like(const char *pattern, const char *text)
{
    const char *retry_pattern = NULL, *retry_text = NULL; /* behind the last % */
    while (*text) {
        size_t length;
        if (*pattern == '%') {
            retry_pattern = ++pattern;
            retry_text = text;
        } else if (*pattern && like_one(pattern, *text, &length)) {
            pattern += length;
            text++;
        } else if (retry_pattern) {
            pattern = retry_pattern;
            text = ++retry_text;
        } else {
            return false;
        }
    }
    while (*pattern == '%')
        pattern++;
    return *pattern == '\0';
}

static int by_number(const void *a, const void *b)
{
    int64_t x = ((const struct value *)a)->number, y = ((const struct value *)b)->number;
    return (x > y) - (x < y);
}

static bool is_textual(const struct field *field)
{
    return field->type == FIELD_TEXT || field->type == FIELD_ZONE;
}

static bool in_list(const struct gaql_condition *condition, const struct value *value)
{
    if (!is_textual(condition->field))
        return bsearch(value, condition->values, condition->value_count, sizeof *condition->values,
                       by_number)
            != NULL;
    for (size_t i = 0; i < condition->value_count; i++)
        if (strcmp(condition->values[i].text, value->text) == 0)
            return true;
    return false;
}

static int order_of(const struct field *field, const struct value *x, const struct value *y)
{
    if (is_textual(field))
        return strcmp(x->text, y->text);
    if (field->type == FIELD_REAL)
        return (x->real > y->real) - (x->real < y->real);
    return (x->number > y->number) - (x->number < y->number);
}

static bool compare(const struct gaql_condition *condition, const struct value *value)
{
    int order = order_of(condition->field, value, &condition->values[0]);
    switch (condition->relation) {
    case GAQL_EQUAL:
        return order == 0;
    case GAQL_NOT_EQUAL:
        return order != 0;
    case GAQL_GREATER:
        return order > 0;
    case GAQL_NOT_LESS:
        return order >= 0;
    case GAQL_LESS:
        return order < 0;
    case GAQL_NOT_GREATER:
        return order <= 0;
    case GAQL_BETWEEN:
        return order >= 0 && order_of(condition->field, value, &condition->values[1]) <= 0;
    case GAQL_DURING:
        return order >= 0 && order_of(condition->field, value, &condition->values[1]) < 0;
    default:
        return false;
    }
}

static bool fits(const struct match *match, size_t index, const struct row *row)
{
    const struct gaql_condition *condition = &match->query->where[index];
    struct value value;
    bool present = field_value(condition->field, row, &value);
    if (condition->relation == GAQL_IS_NULL || !present)
        return condition->relation == GAQL_IS_NULL && !present;
    switch (condition->relation) {
    case GAQL_IN:
        return in_list(condition, &value);
    case GAQL_NOT_IN:
        return !in_list(condition, &value);
    case GAQL_LIKE:
        return match_like(condition->values[0].text, value.text);
    case GAQL_NOT_LIKE:
        return !match_like(condition->values[0].text, value.text);
    case GAQL_REGEXP_MATCH:
        return regexp_fits(match->regexps[index], value.text);
    case GAQL_NOT_REGEXP_MATCH:
        return !regexp_fits(match->regexps[index], value.text);
    case GAQL_IS_NOT_NULL:
        return true;
    default:
        return compare(condition, &value);
    }
}

bool match_row(const struct match *match, const struct row *row,
               const struct gaql_condition *skipped)
{
    for (size_t i = 0; i < match->query->where_count; i++)
        if (&match->query->where[i] != skipped && !fits(match, i, row))
            return false;
    return true;
}

bool match_part(const struct match *match, const struct row *row,
                bool (*concerns)(const struct field *field))
{
    for (size_t i = 0; i < match->query->where_count; i++)
        if (concerns(match->query->where[i].field) && !fits(match, i, row))
            return false;
    return true;
}
