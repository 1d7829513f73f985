/* gaql_lexer: a query's text as tokens. */
#pragma once

#include "failure.h"

enum gaql_token_type {
    GAQL_END,
    GAQL_WORD,   /* a keyword, a field or a bare value */
    GAQL_NUMBER, /* -12 or 3.5 */
    GAQL_STRING, /* its text is unquoted */
    GAQL_SYMBOL, /* = != > >= < <= ( ) , */
};

struct gaql_token {
    enum gaql_token_type type;
    const char *text; /* NUL-terminated, in the arena */
    size_t length;
};

struct gaql_lexer {
    const char *at;
    struct arena *arena;
    struct failure *failure;
};

bool gaql_next(struct gaql_lexer *lexer, struct gaql_token *ret_token) MUST_CHECK;
