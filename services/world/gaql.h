/* gaql: the Google Ads Query Language: text → a checked query over the schema's fields.
 *
 *     SELECT field [, field] FROM resource [WHERE condition [AND condition]]
 *       [ORDER BY field [ASC | DESC] [, ...]] [LIMIT n] [PARAMETERS name = value [, ...]]
 *
 * Pure. Keywords in any case, fields in lower case. What is wrong is named by the API's own
 * queryError (or changeEventError). A query that parses can be run without further checks. */
#pragma once

#include "failure.h"
#include "schema.h"

enum {
    GAQL_BYTES_MAX = 512 * 1024,
    GAQL_SELECT_MAX = 128,
    GAQL_CONDITIONS_MAX = 64,
    GAQL_ORDERS_MAX = 16,
    GAQL_VALUES_MAX = 20000, /* of one IN list */
};

enum gaql_operator {
    GAQL_EQUAL,
    GAQL_NOT_EQUAL,
    GAQL_GREATER,
    GAQL_NOT_LESS,
    GAQL_LESS,
    GAQL_NOT_GREATER,
    GAQL_IN,
    GAQL_NOT_IN,
    GAQL_LIKE,
    GAQL_NOT_LIKE,
    GAQL_CONTAINS, /* ANY, ALL or NONE: of lists, which no field here is */
    GAQL_IS_NULL,
    GAQL_IS_NOT_NULL,
    GAQL_DURING,  /* two values: from, before */
    GAQL_BETWEEN, /* two values, both included */
    GAQL_REGEXP_MATCH,
    GAQL_NOT_REGEXP_MATCH,
};

struct gaql_condition {
    const struct field *field;
    enum gaql_operator relation;
    struct value *values; /* numbers of IN lists are sorted */
    size_t value_count;
};

struct gaql_order {
    const struct field *field;
    bool descending;
};

/* What of a query is about metrics and segments. */
struct gaql_report {
    bool asked, metrics;         /* any of both; metrics */
    bool by_day, by_device;      /* a row each */
    int64_t first_day, last_day; /* what the conditions leave; INT64_MIN, INT64_MAX: all */
};

struct gaql {
    const struct resource *from;
    const struct field *select[GAQL_SELECT_MAX];
    size_t select_count;
    struct gaql_condition where[GAQL_CONDITIONS_MAX];
    size_t where_count;
    struct gaql_order order[GAQL_ORDERS_MAX];
    size_t order_count;
    int64_t limit; /* 0: none */
    bool omit_names;
    struct gaql_report report;
};

/* What a query's meaning depends on besides its text. */
struct gaql_context {
    int64_t customer_id;
    enum zone zone;
    int64_t now_micros;
    struct arena *arena; /* the query's lists and texts */
    int version;         /* of the API: 25; 0: fields of any */
    bool manager;        /* the customer is no advertiser */
};

bool gaql_parse(const char *text, const struct gaql_context *context, struct gaql *ret_query,
                struct failure *failure) MUST_CHECK;
