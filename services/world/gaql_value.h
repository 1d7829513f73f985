/* gaql_value: which operators a field takes, and the values beside them. */
#pragma once

#include "gaql.h"
#include "gaql_lexer.h"

bool gaql_may_filter(const struct field *field);
bool gaql_operator_fits(const struct field *field, enum gaql_operator relation);

/* One token as a value of that field. */
bool gaql_value(const struct gaql_context *context, const struct field *field,
                const struct gaql_token *token, struct value *ret_value,
                struct failure *failure) MUST_CHECK;
/* DURING's name as from (included) and before (not included), in what the field is: times or days.
 */
bool gaql_during(const struct gaql_context *context, const struct field *field,
                 const struct gaql_token *token, struct value ret_range[static 2],
                 struct failure *failure) MUST_CHECK;
/* A pattern that the regular expression library may be trusted with. */
bool gaql_check_regexp(const char *pattern, struct failure *failure) MUST_CHECK;
