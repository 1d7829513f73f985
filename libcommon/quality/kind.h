/* kind: the forms a rule may have. Each is a row here and a template of SQL in kinds/<name>.sql,
 * which looks at the days of some accounts and answers how many things break the rule, with
 * examples. fill.h says what a template may hold. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { KIND_PARAMETERS_MAX = 3 };

/* What a rule must give beside its columns. */
struct kind_parameter {
    const char *name; /* NULL: there is no more */
    enum {
        PARAMETER_NUMBER, /* sent as a value: double precision */
        PARAMETER_WORDS,  /* sent as a value: text[] */
        PARAMETER_NAME,   /* of a table or column: stands in the statement, quoted */
    } type;
    double min, max; /* of a number */
};

struct kind {
    const char *name, *sql;
    bool once; /* it looks at the last days only, however many are asked for */
    size_t columns_min, columns_max;
    struct kind_parameter parameter[KIND_PARAMETERS_MAX];
};

const struct kind *kind_find(const char *name); /* NULL: there is none */
/* All by index, NULL behind the last. */
const struct kind *kind_at(size_t index);
