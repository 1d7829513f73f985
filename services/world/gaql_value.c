#include "gaql_value.h"

#include "regexp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define OP(name) (1U << GAQL_##name)
#define SAME (OP(EQUAL) | OP(NOT_EQUAL))
#define LIST (OP(IN) | OP(NOT_IN))
#define COMPARE (OP(GREATER) | OP(NOT_LESS) | OP(LESS) | OP(NOT_GREATER) | OP(BETWEEN))
#define NULLS (OP(IS_NULL) | OP(IS_NOT_NULL))
#define TEXTUAL (OP(LIKE) | OP(NOT_LIKE) | OP(REGEXP_MATCH) | OP(NOT_REGEXP_MATCH))

static const unsigned operators[] = {
    [FIELD_INT64] = SAME | LIST | COMPARE | NULLS,
    [FIELD_REAL] = SAME | COMPARE,
    [FIELD_TEXT] = SAME | LIST | TEXTUAL | NULLS,
    [FIELD_BOOL] = SAME | NULLS,
    [FIELD_ENUM] = SAME | LIST | NULLS,
    [FIELD_TIME] = SAME | COMPARE | OP(DURING),
    [FIELD_DATE] = SAME | LIST | COMPARE | OP(DURING),
    [FIELD_SECOND] = SAME | COMPARE,
    [FIELD_ZONE] = SAME | LIST | TEXTUAL | NULLS,
    [FIELD_NAME] = SAME | LIST | NULLS,
    [FIELD_CHANGED] = SAME | LIST,
    [FIELD_MASK] = 0,
    [FIELD_BEFORE] = 0,
    [FIELD_AFTER] = 0,
};

bool gaql_may_filter(const struct field *field)
{
    bool own_name = field->type == FIELD_NAME && field->target == RESOURCE_CHANGE_EVENT;
    return operators[field->type] != 0 && !own_name;
}

bool gaql_operator_fits(const struct field *field, enum gaql_operator relation)
{
    return (operators[field->type] >> relation) & 1;
}

static bool bad_value(struct failure *failure, const char *code, const struct gaql_token *token,
                      const struct field *field)
{
    return failure_set(failure, "queryError", code, "Error in query: %.80s is no value for %s.",
                       token->text, field->name);
}

static bool parse_int64(const struct gaql_token *token, int64_t *ret_value)
{
    char *end;
    if (token->type == GAQL_WORD || token->length == 0 || token->length > 20)
        return false;
    if (strspn(token->text, "-0123456789") != token->length)
        return false;
    errno = 0;
    *ret_value = strtoll(token->text, &end, 10);
    return *end == '\0' && errno == 0;
}

static bool parse_real(const struct gaql_token *token, double *ret_value)
{
    char *end;
    if (token->type == GAQL_WORD || token->length == 0 || token->length > 40
        || strspn(token->text, "-0123456789.") != token->length)
        return false;
    *ret_value = strtod(token->text, &end);
    return *end == '\0';
}

/* A local day's number. */
static bool parse_day(const struct gaql_context *context, const struct gaql_token *token,
                      enum field_type type, int64_t *ret_value)
{
    int64_t unix_micros;
    if (token->type != GAQL_STRING || (type == FIELD_DATE && token->length != 10)
        || !zone_parse(context->zone, token->text, &unix_micros))
        return false;
    *ret_value = zone_day(context->zone, unix_micros);
    return true;
}

static bool parse_bool(const struct gaql_token *token, int64_t *ret_value)
{
    *ret_value = strcasecmp(token->text, "true") == 0;
    return *ret_value || strcasecmp(token->text, "false") == 0;
}

static bool parse_name(const struct gaql_context *context, const char *text, int64_t *ret_value)
{
    enum resource_kind kind;
    int64_t id;
    if (!resource_parse(text, context->customer_id, &kind, &id))
        return false;
    *ret_value = resource_key(kind, id);
    return true;
}

bool gaql_value(const struct gaql_context *context, const struct field *field,
                const struct gaql_token *token, struct value *ret_value, struct failure *failure)
{
    int number = 0;
    if (token->type == GAQL_SYMBOL)
        return failure_set(failure, "queryError",
                           token->text[0] == '(' ? "EXPECTED_SINGLE_VALUE" : "BAD_VALUE",
                           "Error in query: expected one value for %s.", field->name);
    *ret_value = (struct value){.text = token->text};
    switch (field->type) {
    case FIELD_INT64:
        return parse_int64(token, &ret_value->number)
            || bad_value(failure, "BAD_NUMBER", token, field);
    case FIELD_REAL:
        return parse_real(token, &ret_value->real)
            || bad_value(failure, "BAD_NUMBER", token, field);
    case FIELD_DATE:
    case FIELD_SECOND:
        return parse_day(context, token, field->type, &ret_value->number)
            || bad_value(failure, "INVALID_DATE_FORMAT", token, field);
    case FIELD_BOOL:
        return parse_bool(token, &ret_value->number)
            || bad_value(failure, "BAD_VALUE", token, field);
    case FIELD_ENUM:
        if (!enum_number(field->enums, token->text, &number))
            return bad_value(failure, "BAD_ENUM_CONSTANT", token, field);
        ret_value->number = number;
        return true;
    case FIELD_TIME:
        return (token->type == GAQL_STRING
                && zone_parse(context->zone, token->text, &ret_value->number))
            || bad_value(failure, "INVALID_DATE_FORMAT", token, field);
    case FIELD_NAME:
    case FIELD_CHANGED:
        return parse_name(context, token->text, &ret_value->number)
            || bad_value(failure, "BAD_VALUE", token, field);
    case FIELD_TEXT:
    case FIELD_ZONE:
        return token->type == GAQL_STRING || bad_value(failure, "BAD_VALUE", token, field);
    case FIELD_MASK:
    case FIELD_BEFORE:
    case FIELD_AFTER:
        break;
    }
    return bad_value(failure, "BAD_VALUE", token, field);
}

/* Days relative to today. */
static const struct {
    const char *name;
    int first, before;
} during[] = {
    {"TODAY",        0,   1},
    {"YESTERDAY",    -1,  0},
    {"LAST_7_DAYS",  -7,  0},
    {"LAST_14_DAYS", -14, 0},
    {"LAST_30_DAYS", -30, 0},
};

/* Days relative to the Monday of this week; `today`: up to it, included. */
static const struct {
    const char *name;
    int first, before;
    bool today, sunday; /* sunday: the week begins a day before */
} during_weeks[] = {
    {"THIS_WEEK_MON_TODAY", 0,  0,  true,  false},
    {"THIS_WEEK_SUN_TODAY", 0,  0,  true,  true },
    {"LAST_WEEK_MON_SUN",   -7, 0,  false, false},
    {"LAST_WEEK_SUN_SAT",   -7, 0,  false, true },
    {"LAST_BUSINESS_WEEK",  -7, -2, false, false},
};

struct days {
    int64_t first, before;
};

static bool find_week(const char *name, int64_t today, struct days *ret_days)
{
    for (size_t i = 0; i < COUNT(during_weeks); i++) {
        if (strcasecmp(during_weeks[i].name, name) != 0)
            continue;
        int64_t shift = during_weeks[i].sunday; /* 1970-01-01 was a Thursday */
        int64_t monday = today - (today + 3 + shift) % 7;
        ret_days->first = monday + during_weeks[i].first;
        ret_days->before = during_weeks[i].today ? today + 1 : monday + during_weeks[i].before;
        return true;
    }
    return false;
}

static bool find_month(const char *name, int64_t today, struct days *ret_days)
{
    int64_t first = today - zone_date_of(today).day + 1;
    if (strcasecmp(name, "THIS_MONTH") == 0)
        *ret_days = (struct days){first, today + 1};
    else if (strcasecmp(name, "LAST_MONTH") == 0)
        *ret_days = (struct days){first - zone_date_of(first - 1).day, first};
    else
        return false;
    return true;
}

static bool find_days(const char *name, int64_t today, struct days *ret_days)
{
    for (size_t i = 0; i < COUNT(during); i++) {
        if (strcasecmp(during[i].name, name) != 0)
            continue;
        *ret_days = (struct days){today + during[i].first, today + during[i].before};
        return true;
    }
    return find_week(name, today, ret_days) || find_month(name, today, ret_days);
}

bool gaql_during(const struct gaql_context *context, const struct field *field,
                 const struct gaql_token *token, struct value ret_range[static 2],
                 struct failure *failure)
{
    int64_t today = zone_day(context->zone, context->now_micros);
    struct days days;
    if (token->type != GAQL_WORD || !find_days(token->text, today, &days))
        return failure_set(failure, "queryError", "INVALID_VALUE_WITH_DURING_OPERATOR",
                           "Error in query: %.80s is no date range.", token->text);
    bool times = field->type == FIELD_TIME;
    ret_range[0].number = times ? zone_day_start(context->zone, days.first) : days.first;
    ret_range[1].number = times ? zone_day_start(context->zone, days.before) : days.before;
    return true;
}

bool gaql_check_regexp(const char *pattern, struct failure *failure)
{
    struct regexp *regexp = regexp_new(pattern);
    if (!regexp)
        return failure_set(failure, "queryError", "BAD_VALUE",
                           "Error in query: bad regular expression.");
    regexp_free(regexp);
    return true;
}
