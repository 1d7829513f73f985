#include "fill.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

DEFINE_OWNED(char, PQfreemem)

struct filling {
    PGconn *conn;
    const struct suite *suite;
    const struct suite_rule *rule;
    struct buffer *sql;
};

static const char answer[] =
    "SELECT count(*), (SELECT coalesce(jsonb_agg(to_jsonb(e)), '[]')\n"
    "                    FROM (SELECT * FROM bad ORDER BY account, day LIMIT 5) e)::text\n"
    "  FROM bad";

static void add_name(const struct filling *filling, const char *name)
{
    OWNED(char) *quoted = PQescapeIdentifier(filling->conn, name, strlen(name));
    assert(quoted); /* it has only letters, digits and _ */
    buffer_add_text(filling->sql, quoted);
}

static void add_key(const struct filling *filling)
{
    for (size_t i = 0; i < filling->suite->key.count; i++) {
        buffer_add_text(filling->sql, ", t.");
        add_name(filling, filling->suite->key.word[i]);
    }
}

static void add_each(const struct filling *filling, const char *pattern, size_t length)
{
    const struct words *columns = &filling->rule->columns;
    for (size_t i = 0; i < columns->count; i++) {
        buffer_add_text(filling->sql, i > 0 ? ", " : "");
        for (size_t k = 0; k < length; k++)
            if (pattern[k] == '%')
                add_name(filling, columns->word[i]);
            else
                buffer_add(filling->sql, &pattern[k], 1);
    }
}

static void add_window(const struct filling *filling, long days_before)
{
    buffer_add_text(filling->sql, "t.");
    add_name(filling, filling->suite->account);
    buffer_add_text(filling->sql, " = ANY ($1::text[]) AND t.");
    add_name(filling, filling->suite->day);
    buffer_format(filling->sql, " BETWEEN $2::text::date - %ld AND $3::text::date", days_before);
}

/* What was asked, and the answer's form. */
static bool add_fixed(const struct filling *filling, const char *token)
{
    static const struct {
        const char *token, *sql;
    } fixed[] = {
        {"accounts", "$1::text[]"       },
        {"from",     "$2::text::date"   },
        {"to",       "$3::text::date"   },
        {"now",      "$4::timestamptz[]"},
        {"answer",   answer             },
    };
    for (size_t i = 0; i < COUNT(fixed); i++)
        if (strcmp(token, fixed[i].token) == 0) {
            buffer_add_text(filling->sql, fixed[i].sql);
            return true;
        }
    return false;
}

static bool add_from_suite(const struct filling *filling, const char *token)
{
    const struct words *columns = &filling->rule->columns;
    size_t column = strtoul(token, NULL, 10);
    if (strcmp(token, "table") == 0) {
        buffer_add_text(filling->sql, "ingest.");
        add_name(filling, filling->suite->table);
    } else if (strcmp(token, "account") == 0) {
        add_name(filling, filling->suite->account);
    } else if (strcmp(token, "day") == 0) {
        add_name(filling, filling->suite->day);
    } else if (strcmp(token, "key") == 0) {
        add_key(filling);
    } else if (strcmp(token, "count") == 0) {
        buffer_format(filling->sql, "%zu", columns->count);
    } else if (column > 0 && column <= columns->count) {
        add_name(filling, columns->word[column - 1]);
    } else {
        return false;
    }
    return true;
}

static bool add_parameter(const struct filling *filling, const char *token)
{
    const struct kind *kind = filling->rule->kind;
    int number = FILL_ASKED;
    for (size_t i = 0; i < KIND_PARAMETERS_MAX && kind->parameter[i].name; i++) {
        const struct kind_parameter *parameter = &kind->parameter[i];
        number += parameter->type != PARAMETER_NAME;
        if (strcmp(token, parameter->name) != 0)
            continue;
        if (parameter->type == PARAMETER_NAME)
            add_name(filling, filling->rule->value[i].name);
        else
            buffer_format(filling->sql, "$%d::%s", number,
                          parameter->type == PARAMETER_NUMBER ? "float8" : "text[]");
        return true;
    }
    return false;
}

static void add_token(const struct filling *filling, const char *token, size_t length)
{
    char word[40];
    if (strncmp(token, "each ", 5) == 0) {
        add_each(filling, token + 5, length - 5);
        return;
    }
    assert(length < sizeof word);
    memcpy(word, token, length);
    word[length] = '\0';
    if (strncmp(word, "window", 6) == 0) {
        add_window(filling, strtol(word + 6, NULL, 10));
        return;
    }
    bool known =
        add_fixed(filling, word) || add_from_suite(filling, word) || add_parameter(filling, word);
    assert(known); /* templates are ours */
}

const char *fill_rule(PGconn *conn, struct arena *arena, const struct suite *suite,
                      const struct suite_rule *rule)
{
    BUFFER sql = {0};
    struct filling filling = {conn, suite, rule, &sql};
    for (const char *at = rule->kind->sql; *at;) {
        size_t plain = strcspn(at, "{");
        buffer_add(&sql, at, plain);
        at += plain;
        if (!*at)
            break;
        size_t length = strcspn(++at, "}");
        assert(at[length] == '}');
        add_token(&filling, at, length);
        at += length + 1;
    }
    return arena_text(arena, (const char *)sql.data, sql.length);
}
