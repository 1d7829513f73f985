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
    [FIELD_TEXT] = SAME | LIST | TEXTUAL | NULLS,
    [FIELD_BOOL] = SAME | NULLS,
    [FIELD_ENUM] = SAME | LIST | NULLS,
    [FIELD_TIME] = SAME | COMPARE | OP(DURING),
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

/* Days relative to today; a month is handled apart. */
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

static bool this_month(int64_t today, int64_t *ret_first, int64_t *ret_before)
{
    struct zone_date date = zone_date_of(today);
    *ret_first = today - date.day + 1;
    *ret_before = today + 1;
    return true;
}

bool gaql_during(const struct gaql_context *context, const struct gaql_token *token,
                 struct value ret_range[static 2], struct failure *failure)
{
    int64_t today = zone_day(context->zone, context->now_micros);
    int64_t first = 0, before = 0;
    bool known = token->type == GAQL_WORD && strcasecmp(token->text, "THIS_MONTH") == 0
        && this_month(today, &first, &before);
    for (size_t i = 0; i < COUNT(during) && !known; i++) {
        known = token->type == GAQL_WORD && strcasecmp(token->text, during[i].name) == 0;
        first = today + during[i].first;
        before = today + during[i].before;
    }
    if (!known)
        return failure_set(failure, "queryError", "INVALID_VALUE_WITH_DURING_OPERATOR",
                           "Error in query: %.80s is no date range.", token->text);
    ret_range[0] = (struct value){.number = zone_day_start(context->zone, first)};
    ret_range[1] = (struct value){.number = zone_day_start(context->zone, before)};
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
