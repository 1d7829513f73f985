/* fill: the statement of a rule: its kind's template with the suite's names in it.
 *
 * Names are quoted by libpq and come from our own suites, never from outside; everything else is a
 * parameter. In a template stand
 *   {table} {account} {day} {1} {2}   names; {key}: the key's columns of t, a comma before each
 *   {each f(%)}                       f of each column, with commas between; {count}: how many
 *   {window} {window 28}              t's rows of the asked accounts and days; with 28 days before
 *   {accounts} {from} {to} {now}      what was asked: text[], date, date, a time for each account
 *   {hours} {in} ...                  the kind's own parameters
 *   {answer}                          how many rows `bad` has, and the first five as JSON */
#pragma once

#include "db.h"
#include "suite.h"

enum { FILL_ASKED = 4 }; /* $1 accounts, $2 from, $3 to, $4 now; then the kind's own */

const char *fill_rule(PGconn *conn, struct arena *arena, const struct suite *suite,
                      const struct suite_rule *rule);
