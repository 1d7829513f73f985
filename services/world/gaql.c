#include "gaql.h"

#include "gaql_check.h"
#include "gaql_lexer.h"
#include "gaql_value.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct parser {
    struct gaql_lexer lexer;
    struct gaql_token token; /* the next one, not yet taken */
    const struct gaql_context *context;
    struct gaql *query;
    struct failure *failure;
};

static bool refuse(struct parser *parser, const char *code, const char *why)
{
    return failure_set(parser->failure, "queryError", code, "Error in query: %s, at '%.80s'.", why,
                       parser->token.text);
}

static bool advance(struct parser *parser)
{
    return gaql_next(&parser->lexer, &parser->token);
}

static bool at_word(const struct parser *parser, const char *word)
{
    return parser->token.type == GAQL_WORD && strcasecmp(parser->token.text, word) == 0;
}

static bool at_symbol(const struct parser *parser, const char *symbol)
{
    return parser->token.type == GAQL_SYMBOL && strcmp(parser->token.text, symbol) == 0;
}

/* The wanted word, or that failure. */
static bool expect(struct parser *parser, const char *word, const char *code)
{
    if (at_word(parser, word))
        return advance(parser);
    if (parser->token.type == GAQL_END)
        code = strcmp(code, "EXPECTED_FROM") == 0 ? code : "UNEXPECTED_END_OF_QUERY";
    return refuse(parser, code, word);
}

/* Version 0 has them all. */
static bool exists_in(const struct field *field, int version)
{
    return version == 0
        || (version >= field->since_version
            && (field->until_version == 0 || version <= field->until_version));
}

static bool take_field(struct parser *parser, const struct field **ret_field)
{
    if (parser->token.type == GAQL_END)
        return refuse(parser, "UNEXPECTED_END_OF_QUERY", "expected a field");
    if (parser->token.type != GAQL_WORD)
        return refuse(parser, "BAD_FIELD_NAME", "expected a field");
    const struct field *field = schema_field(parser->token.text, parser->token.length);
    if (!field || !exists_in(field, parser->context->version))
        return refuse(parser, "UNRECOGNIZED_FIELD", "unrecognized field in the query");
    *ret_field = field;
    return advance(parser);
}

static bool parse_select(struct parser *parser)
{
    struct gaql *query = parser->query;
    if (!expect(parser, "SELECT", "EXPECTED_SELECT"))
        return false;
    for (;;) {
        if (query->select_count == GAQL_SELECT_MAX)
            return refuse(parser, "PROHIBITED_FIELD_COMBINATION_IN_SELECT_CLAUSE",
                          "too many fields");
        if (!take_field(parser, &query->select[query->select_count++]))
            return false;
        if (!at_symbol(parser, ","))
            return true;
        if (!advance(parser))
            return false;
    }
}

static bool has_field(const struct gaql *query, const struct field *field)
{
    return (query->from->from_mask >> field->resource) & 1;
}

static bool parse_from(struct parser *parser)
{
    struct gaql *query = parser->query;
    if (!expect(parser, "FROM", "EXPECTED_FROM"))
        return false;
    query->from = parser->token.type == GAQL_WORD
        ? schema_resource(parser->token.text, parser->token.length)
        : NULL;
    if (!query->from)
        return refuse(parser, "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE", "unknown resource");
    for (size_t i = 0; i < query->select_count; i++)
        if (!has_field(query, query->select[i]))
            return failure_set(parser->failure, "queryError",
                               "PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE",
                               "Error in query: %s can't be selected from %s.",
                               query->select[i]->name, query->from->name);
    return advance(parser);
}

static const struct {
    const char *text;
    enum gaql_operator relation, negated;
} operators[] = {
    {"=",            GAQL_EQUAL,        GAQL_EQUAL           },
    {"!=",           GAQL_NOT_EQUAL,    GAQL_NOT_EQUAL       },
    {">",            GAQL_GREATER,      GAQL_GREATER         },
    {">=",           GAQL_NOT_LESS,     GAQL_NOT_LESS        },
    {"<",            GAQL_LESS,         GAQL_LESS            },
    {"<=",           GAQL_NOT_GREATER,  GAQL_NOT_GREATER     },
    {"IN",           GAQL_IN,           GAQL_NOT_IN          },
    {"LIKE",         GAQL_LIKE,         GAQL_NOT_LIKE        },
    {"REGEXP_MATCH", GAQL_REGEXP_MATCH, GAQL_NOT_REGEXP_MATCH},
    {"CONTAINS",     GAQL_CONTAINS,     GAQL_CONTAINS        },
    {"IS",           GAQL_IS_NULL,      GAQL_IS_NULL         },
    {"DURING",       GAQL_DURING,       GAQL_DURING          },
    {"BETWEEN",      GAQL_BETWEEN,      GAQL_BETWEEN         },
};

static bool take_operator(struct parser *parser, enum gaql_operator *ret_operator)
{
    bool negated = at_word(parser, "NOT");
    if (negated && !advance(parser))
        return false;
    for (size_t i = 0; i < COUNT(operators); i++) {
        bool differs = operators[i].relation != operators[i].negated;
        if ((parser->token.type != GAQL_SYMBOL && parser->token.type != GAQL_WORD)
            || strcasecmp(parser->token.text, operators[i].text) != 0 || (negated && !differs))
            continue;
        *ret_operator = negated ? operators[i].negated : operators[i].relation;
        return advance(parser);
    }
    return refuse(parser,
                  parser->token.type == GAQL_END ? "UNEXPECTED_END_OF_QUERY" : "BAD_OPERATOR",
                  "expected an operator");
}

static bool take_value(struct parser *parser, const struct field *field, struct value *ret_value)
{
    if (parser->token.type == GAQL_END)
        return refuse(parser, "UNEXPECTED_END_OF_QUERY", "expected a value");
    return gaql_value(parser->context, field, &parser->token, ret_value, parser->failure)
        && advance(parser);
}

static int by_number(const void *a, const void *b)
{
    int64_t x = ((const struct value *)a)->number, y = ((const struct value *)b)->number;
    return (x > y) - (x < y);
}

/* Room for one more in the list. */
static void grow_values(struct parser *parser, struct gaql_condition *condition)
{
    size_t count = condition->value_count;
    if (count < 8 ? count != 0 : (count & (count - 1)) != 0)
        return;
    struct value *grown =
        arena_array(parser->context->arena, count < 8 ? 8 : count * 2, sizeof *grown);
    if (count)
        memcpy(grown, condition->values, count * sizeof *grown);
    condition->values = grown;
}

static bool take_list(struct parser *parser, struct gaql_condition *condition)
{
    if (!at_symbol(parser, "("))
        return refuse(parser, "EXPECTED_LIST", "expected a list");
    if (!advance(parser))
        return false;
    if (at_symbol(parser, ")"))
        return refuse(parser, "PROHIBITED_EMPTY_LIST_IN_CONDITION", "the list is empty");
    for (;;) {
        if (condition->value_count == GAQL_VALUES_MAX)
            return refuse(parser, "FILTER_HAS_TOO_MANY_VALUES", "the list is too long");
        grow_values(parser, condition);
        if (!take_value(parser, condition->field, &condition->values[condition->value_count++]))
            return false;
        if (!at_symbol(parser, ","))
            break;
        if (!advance(parser))
            return false;
    }
    if (!at_symbol(parser, ")"))
        return refuse(
            parser, parser->token.type == GAQL_END ? "UNEXPECTED_END_OF_QUERY" : "UNEXPECTED_INPUT",
            "expected , or )");
    qsort(condition->values, condition->value_count, sizeof *condition->values, by_number);
    return advance(parser);
}

static bool take_between(struct parser *parser, struct gaql_condition *condition)
{
    condition->value_count = 2;
    if (!take_value(parser, condition->field, &condition->values[0])
        || !expect(parser, "AND", "EXPECTED_AND")
        || !take_value(parser, condition->field, &condition->values[1]))
        return false;
    if (condition->values[0].number > condition->values[1].number
        || condition->values[0].real > condition->values[1].real)
        return refuse(parser, "PROHIBITED_VALUE_COMBINATION_WITH_BETWEEN_OPERATOR",
                      "the range is empty");
    return true;
}

static bool take_null(struct parser *parser, struct gaql_condition *condition)
{
    if (at_word(parser, "NOT")) {
        condition->relation = GAQL_IS_NOT_NULL;
        if (!advance(parser))
            return false;
    }
    return expect(parser, "NULL", "BAD_OPERATOR");
}

static bool take_pattern(struct parser *parser, struct gaql_condition *condition)
{
    if (parser->token.type != GAQL_STRING)
        return refuse(parser, "INVALID_VALUE_WITH_LIKE_OPERATOR", "expected a quoted pattern");
    condition->value_count = 1;
    condition->values[0].text = parser->token.text;
    bool regexp =
        condition->relation == GAQL_REGEXP_MATCH || condition->relation == GAQL_NOT_REGEXP_MATCH;
    if (regexp && !gaql_check_regexp(parser->token.text, parser->failure))
        return false;
    return advance(parser);
}

static bool take_operand(struct parser *parser, struct gaql_condition *condition)
{
    condition->values = arena_array(parser->context->arena, 2, sizeof *condition->values);
    switch (condition->relation) {
    case GAQL_IN:
    case GAQL_NOT_IN:
        return take_list(parser, condition);
    case GAQL_BETWEEN:
        return take_between(parser, condition);
    case GAQL_DURING:
        condition->value_count = 2;
        return gaql_during(parser->context, condition->field, &parser->token, condition->values,
                           parser->failure)
            && advance(parser);
    case GAQL_IS_NULL:
    case GAQL_IS_NOT_NULL:
        return take_null(parser, condition);
    case GAQL_LIKE:
    case GAQL_NOT_LIKE:
    case GAQL_REGEXP_MATCH:
    case GAQL_NOT_REGEXP_MATCH:
        return take_pattern(parser, condition);
    default:
        condition->value_count = 1;
        return take_value(parser, condition->field, &condition->values[0]);
    }
}

static bool parse_condition(struct parser *parser)
{
    struct gaql *query = parser->query;
    if (query->where_count == GAQL_CONDITIONS_MAX)
        return refuse(parser, "FILTER_HAS_TOO_MANY_VALUES", "too many conditions");
    struct gaql_condition *condition = &query->where[query->where_count++];
    if (!take_field(parser, &condition->field))
        return false;
    if (!has_field(query, condition->field))
        return refuse(parser, "PROHIBITED_RESOURCE_TYPE_IN_WHERE_CLAUSE", condition->field->name);
    if (!gaql_may_filter(condition->field))
        return refuse(parser, "PROHIBITED_FIELD_IN_WHERE_CLAUSE", condition->field->name);
    if (!take_operator(parser, &condition->relation))
        return false;
    if (!gaql_operator_fits(condition->field, condition->relation))
        return refuse(parser, "OPERATOR_FIELD_MISMATCH", condition->field->name);
    return take_operand(parser, condition);
}

static bool parse_where(struct parser *parser)
{
    if (!at_word(parser, "WHERE"))
        return true;
    do {
        if (!advance(parser) || !parse_condition(parser))
            return false;
    } while (at_word(parser, "AND"));
    return true;
}

static bool parse_order(struct parser *parser)
{
    struct gaql *query = parser->query;
    if (!at_word(parser, "ORDER"))
        return true;
    if (!advance(parser))
        return false;
    if (!at_word(parser, "BY"))
        return refuse(parser, "EXPECTED_BY", "expected BY");
    do {
        if (query->order_count == GAQL_ORDERS_MAX)
            return refuse(parser, "UNEXPECTED_INPUT", "too many fields to order by");
        struct gaql_order *order = &query->order[query->order_count++];
        if (!advance(parser) || !take_field(parser, &order->field))
            return false;
        if (!has_field(query, order->field) || !gaql_may_filter(order->field))
            return refuse(parser, "PROHIBITED_FIELD_IN_ORDER_BY_CLAUSE", order->field->name);
        order->descending = at_word(parser, "DESC");
        if ((order->descending || at_word(parser, "ASC")) && !advance(parser))
            return false;
    } while (at_symbol(parser, ","));
    return true;
}

static bool parse_limit(struct parser *parser)
{
    if (!at_word(parser, "LIMIT"))
        return true;
    if (!advance(parser))
        return false;
    const struct gaql_token *token = &parser->token;
    if (token->type != GAQL_NUMBER || token->length > 10
        || strspn(token->text, "-0123456789") != token->length)
        return refuse(parser, "BAD_LIMIT_VALUE", "expected a number of rows");
    parser->query->limit = strtoll(token->text, NULL, 10);
    if (parser->query->limit < 1)
        return refuse(parser, "LIMIT_VALUE_TOO_LOW", "the limit is below 1");
    return advance(parser);
}

/* Those the API has; the second alone changes anything here. */
static bool parse_parameter(struct parser *parser)
{
    bool omit = at_word(parser, "omit_unselected_resource_names");
    if (!omit && !at_word(parser, "include_drafts"))
        return refuse(parser, "BAD_PARAMETER_NAME", "unknown parameter");
    if (!advance(parser))
        return false;
    if (!at_symbol(parser, "="))
        return refuse(parser, "UNEXPECTED_INPUT", "expected =");
    if (!advance(parser))
        return false;
    bool yes = at_word(parser, "true");
    if (!yes && !at_word(parser, "false"))
        return refuse(parser, "BAD_PARAMETER_VALUE", "expected true or false");
    if (omit)
        parser->query->omit_names = yes;
    return advance(parser);
}

static bool parse_parameters(struct parser *parser)
{
    if (!at_word(parser, "PARAMETERS"))
        return true;
    do {
        if (!advance(parser) || !parse_parameter(parser))
            return false;
    } while (at_symbol(parser, ","));
    return true;
}

static bool parse_end(struct parser *parser)
{
    return parser->token.type == GAQL_END || refuse(parser, "UNEXPECTED_INPUT", "unexpected input");
}

bool gaql_parse(const char *text, const struct gaql_context *context, struct gaql *ret_query,
                struct failure *failure)
{
    *ret_query = (struct gaql){0};
    struct parser parser = {
        .lexer = {text, context->arena, failure},
        .context = context,
        .query = ret_query,
        .failure = failure,
    };
    return advance(&parser) && parse_select(&parser) && parse_from(&parser) && parse_where(&parser)
        && parse_order(&parser) && parse_limit(&parser) && parse_parameters(&parser)
        && parse_end(&parser) && gaql_check_change_event(ret_query, context, failure)
        && gaql_check_report(ret_query, context, failure);
}
