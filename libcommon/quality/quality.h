/* quality: what the suites say of the facts that landed. Reads only.
 *
 * A suite a table and file (suite.h), a rule's form is its kind (kind.h), its statement is made
 * once (fill.h), what it found is judged in verdict.h. Each rule is a statement of its own, over
 * the days asked and what they are compared with, under the connection's time-out. */
#pragma once

#include "db.h"
#include "verdict.h"

struct quality;

/* All suites of this build; ERR_FATAL names the file and field that is wrong. */
bool quality_new(struct quality **ret_quality, struct err *err) MUST_CHECK;
void quality_free(struct quality *quality);

/* Of days in one check, and in one statement: longer windows are looked at piece by piece, so that
 * no statement grows with them. */
enum { QUALITY_DAYS_MAX = 800, QUALITY_PIECE_DAYS = 92 };

struct quality_ask {
    const char *source;    /* "google" */
    const char *account;   /* "google/123"; "": all of the source */
    const char *from, *to; /* YYYY-MM-DD, both included; "": the last week that was pulled whole */
    int32_t patience_ms;   /* of a statement */
    /* Called before each statement, if set; false ends the check with the err. */
    bool (*go_on)(void *user, struct err *err);
    void *user;
};

struct quality_report {
    const char *from, *to;
    const struct finding *findings;
    size_t count;
    struct verdict verdict;
};

/* ERR_REJECT: there is nothing to check, no suite for it, or the days are none. Everything lives in
 * the arena. The statements are kept by the connection, so `quality` must outlive it. */
bool quality_check(struct quality *quality, struct db *db, struct arena *arena,
                   const struct quality_ask *ask, struct quality_report *ret_report,
                   struct err *err) MUST_CHECK;

/* For who looks at the suites themselves; NULL behind the last. */
const struct suite *quality_suite(const struct quality *quality, size_t index);
/* The statement of a rule, as it is sent; no statement may be in flight. */
const char *quality_statement(struct quality *quality, struct db *db, size_t suite, size_t rule);
