#include "gaql_lexer.h"

#include <ctype.h>
#include <string.h>

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.';
}

static void take(struct gaql_lexer *lexer, enum gaql_token_type type, size_t length,
                 struct gaql_token *ret_token)
{
    *ret_token = (struct gaql_token){type, arena_text(lexer->arena, lexer->at, length), length};
    lexer->at += length;
}

/* The closing quote, or NULL with the failure set. */
static const char *end_of_string(struct gaql_lexer *lexer, char quote)
{
    const char *at = lexer->at;
    for (; *at != quote; at++) {
        if (*at == '\0') {
            (void)failure_set(lexer->failure, "queryError", "STRING_NOT_TERMINATED",
                              "Error in query: a string is not terminated.");
            return NULL;
        }
        if (*at == '\n') {
            (void)failure_set(lexer->failure, "queryError", "PROHIBITED_NEWLINE_IN_STRING",
                              "Error in query: a string holds a line break.");
            return NULL;
        }
        if (*at == '\\' && (*++at == '\0' || !strchr("'\"\\", *at))) {
            (void)failure_set(lexer->failure, "queryError", "BAD_ESCAPE_SEQUENCE",
                              "Error in query: bad escape sequence in a string.");
            return NULL;
        }
    }
    return at;
}

/* Quotes and the backslash may be escaped. */
static bool take_string(struct gaql_lexer *lexer, struct gaql_token *ret_token)
{
    char quote = *lexer->at++;
    const char *end = end_of_string(lexer, quote);
    if (!end)
        return false;
    char *text = arena_text(lexer->arena, lexer->at, (size_t)(end - lexer->at));
    size_t length = 0;
    for (const char *at = lexer->at; at < end; at++) {
        if (*at == '\\')
            at++;
        text[length++] = *at;
    }
    text[length] = '\0';
    lexer->at = end + 1;
    *ret_token = (struct gaql_token){GAQL_STRING, text, length};
    return true;
}

static bool take_symbol(struct gaql_lexer *lexer, struct gaql_token *ret_token)
{
    if (strchr("<>!", *lexer->at) && lexer->at[1] == '=')
        take(lexer, GAQL_SYMBOL, 2, ret_token);
    else if (strchr("<>=(),", *lexer->at))
        take(lexer, GAQL_SYMBOL, 1, ret_token);
    else
        return failure_set(lexer->failure, "queryError", "BAD_SYMBOL",
                           "Error in query: unexpected symbol 0x%02x.",
                           (unsigned)(unsigned char)*lexer->at);
    return true;
}

bool gaql_next(struct gaql_lexer *lexer, struct gaql_token *ret_token)
{
    while (isspace((unsigned char)*lexer->at))
        lexer->at++;
    size_t length = 0;
    if (*lexer->at == '\0') {
        *ret_token = (struct gaql_token){GAQL_END, "", 0};
        return true;
    }
    if (*lexer->at == '\'' || *lexer->at == '"')
        return take_string(lexer, ret_token);
    if (isalpha((unsigned char)*lexer->at)) {
        while (is_word(lexer->at[length]))
            length++;
        take(lexer, GAQL_WORD, length, ret_token);
        return true;
    }
    if (isdigit((unsigned char)*lexer->at)
        || (*lexer->at == '-' && isdigit((unsigned char)lexer->at[1]))) {
        length = 1;
        while (is_word(lexer->at[length]))
            length++;
        take(lexer, GAQL_NUMBER, length, ret_token);
        return true;
    }
    return take_symbol(lexer, ret_token);
}
