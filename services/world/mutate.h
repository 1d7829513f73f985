/* mutate: a mutate request as a whole: its operations, atomic or with partial failure, for real or
 * for validation only, and the ledger's record of each. */
#pragma once

#include "account.h"
#include "failure.h"
#include "faults.h"
#include "ledger.h"

#include <jansson.h>

enum { MUTATE_OPERATIONS_MAX = 10000 };

struct mutation {
    struct account *account;
    struct ledger *ledger;
    struct faults *faults;
    struct arena *arena;
    const char *version; /* "v25" */
    const char *request_id;
    uint64_t request; /* its number in the ledger */
    struct hash body_hash;
    int64_t now_micros;
    const char *user_email;
    bool bulk;               /* googleAds:mutate: each operation names its resource */
    enum resource_kind kind; /* otherwise */
};

/* Writes the whole response, or fills the failures (then nothing was applied). */
bool mutate_run(const struct mutation *mutation, const json_t *body, struct buffer *out,
                struct failures *ret_failures) MUST_CHECK;
/* A person's edit in the platform's own pages: no ledger entry, but history. */
bool mutate_by_hand(struct account *account, struct arena *arena, int64_t budget_id,
                    int64_t amount_micros, const char *user_email, int64_t now_micros,
                    struct failure *failure) MUST_CHECK;
