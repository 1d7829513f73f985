#include "kind.h"

#include "aelp_quality_sql.h"
#include "mem.h"
#include "suite.h"

#include <string.h>

static const struct kind kinds[] = {
    {"not_null",    SQL_NOT_NULL,    1, SUITE_COLUMNS_MAX, {{0}}                                                                           },
    {"unique",      SQL_UNIQUE,      1, SUITE_COLUMNS_MAX, {{0}}                                                                           },
    {"no_negative", SQL_NO_NEGATIVE, 1, SUITE_COLUMNS_MAX, {{0}}                                                                           },
    {"range",
     SQL_RANGE,                      1,
     SUITE_COLUMNS_MAX,                                    {{"min", PARAMETER_NUMBER, -1e15, 1e15}, {"max", PARAMETER_NUMBER, -1e15, 1e15}}},
    {"monotone",    SQL_MONOTONE,    2, 2,                 {{0}}                                                                           },
    {"referential",
     SQL_REFERENTIAL,                1,
     1,                                                    {{"in", PARAMETER_NAME, 0, 0}, {"in_column", PARAMETER_NAME, 0, 0}}             },
    {"currency",    SQL_CURRENCY,    1, 1,                 {{0}}                                                                           },
    {"unchanged",   SQL_UNCHANGED,   1, 1,                 {{0}}                                                                           },
    {"fresh",       SQL_FRESH,       0, 0,                 {{"hours", PARAMETER_NUMBER, 1, 240}}                                           },
    {"volume",
     SQL_VOLUME,                     1,
     1,                                                    {{"low", PARAMETER_NUMBER, 0, 1}, {"high", PARAMETER_NUMBER, 1, 1000}}          },
    {"reconcile",
     SQL_RECONCILE,                  2,
     2,                                                    {{"with", PARAMETER_NAME, 0, 0},
      {"tolerance", PARAMETER_NUMBER, 0, 1},
      {"slack", PARAMETER_NUMBER, 0, 1e12}}                                                                                         },
    {"missing",
     SQL_MISSING,                    2,
     2,                                                    {{"days", PARAMETER_NUMBER, 2, 28}, {"ended", PARAMETER_WORDS, 0, 0}}           },
    {"doubled",     SQL_DOUBLED,     1, SUITE_COLUMNS_MAX, {{"least", PARAMETER_NUMBER, 16, 1e6}}                                          },
    {"repeated",    SQL_REPEATED,    1, SUITE_COLUMNS_MAX, {{"least", PARAMETER_NUMBER, 1, 1e15}}                                          },
};

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
