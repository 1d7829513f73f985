#include "kind.h"

#include "aelp_quality_sql.h"
#include "mem.h"
#include "suite.h"

#include <string.h>

enum { many = SUITE_COLUMNS_MAX };

/* clang-format off */
#define NUMBER(name, min, max) {name, PARAMETER_NUMBER, min, max}
#define WORDS(name) {name, PARAMETER_WORDS, 0, 0}
#define NAME(name) {name, PARAMETER_NAME, 0, 0}
#define NONE {NULL, PARAMETER_NUMBER, 0, 0}

static const struct kind kinds[] = {
    {"not_null",    SQL_NOT_NULL,    false, 1, many, {NONE}},
    {"unique",      SQL_UNIQUE,      false, 1, many, {NONE}},
    {"no_negative", SQL_NO_NEGATIVE, false, 1, many, {NONE}},
    {"range",       SQL_RANGE,       false, 1, many, {NUMBER("min", -1e15, 1e15), NUMBER("max", -1e15, 1e15)}},
    {"monotone",    SQL_MONOTONE,    false, 2, 2,    {NONE}},
    {"referential", SQL_REFERENTIAL, false, 1, 1,    {NAME("in"), NAME("in_column")}},
    {"currency",    SQL_CURRENCY,    false, 1, 1,    {NONE}},
    {"unchanged",   SQL_UNCHANGED,   false, 1, 1,    {NONE}},
    {"fresh",       SQL_FRESH,       true,  0, 0,    {NUMBER("hours", 1, 240)}},
    {"volume",      SQL_VOLUME,      false, 1, 1,    {NUMBER("low", 0, 1), NUMBER("high", 1, 1000), NUMBER("recent", 1, 1100)}},
    {"reconcile",   SQL_RECONCILE,   false, 2, 2,    {NAME("with"), NUMBER("tolerance", 0, 1), NUMBER("slack", 0, 1e12)}},
    {"missing",     SQL_MISSING,     true,  2, 2,    {NUMBER("days", 2, 28), NUMBER("recent", 1, 28), WORDS("ended")}},
    {"doubled",     SQL_DOUBLED,     false, 1, many, {NUMBER("least", 16, 1e6)}},
    {"repeated",    SQL_REPEATED,    false, 1, many, {NUMBER("least", 1, 1e15)}},
};
/* clang-format on */

const struct kind *kind_find(const char *name)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

const struct kind *kind_at(size_t index)
{
    return index < COUNT(kinds) ? &kinds[index] : NULL;
}
