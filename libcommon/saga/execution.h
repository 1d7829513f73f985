/* execution: a publisher's side of the saga. begin, permit and take over are statements of their
 * own, pipelined so that many cost one wait; what became of them goes back in one set. */
#pragma once

#include "db.h"
#include "mem.h"

enum saga_mode { SAGA_SHADOW, SAGA_DRY_RUN, SAGA_LIVE };

struct saga_effect {
    int32_t n;
    const char *account, *resource;
    int64_t before_micros, after_micros;
};

/* What the ledger tells a publisher to do with one saga, and all it may do. */
struct saga_order {
    struct uuid id;
    enum { SAGA_OK, SAGA_WAIT, SAGA_ENDED } result;
    const char *reason; /* of WAIT and ENDED */
    int64_t retry_at;   /* unix micros, of WAIT */
    int64_t fence;
    enum saga_mode mode;
    bool back; /* a rollback: the effects are already turned round */
    bool sent; /* an earlier attempt may have reached the platform: read back first */
    const struct saga_effect *effects;
    size_t effect_count;
};

struct saga_ask {
    struct uuid id;
    struct bytes hash; /* of begin; take over needs none */
};

enum saga_outcome_kind { SAGA_APPLIED, SAGA_NOT_APPLIED, SAGA_CONFLICT, SAGA_UNKNOWN };

struct saga_outcome {
    struct uuid id;
    int64_t fence;
    enum saga_outcome_kind kind;
    const char *evidence;
    const int64_t *readbacks; /* one per effect in order, or NULL */
    size_t readback_count;
};

/* orders[i] answers asks[i]; texts and effects live in the arena. */
bool saga_begin(struct db *db, struct arena *arena, const struct saga_ask asks[], size_t count,
                const char *owner, enum saga_mode mode, struct saga_order orders[],
                struct err *err) MUST_CHECK;
bool saga_take_over(struct db *db, struct arena *arena, const struct saga_ask asks[], size_t count,
                    const char *owner, struct saga_order orders[], struct err *err) MUST_CHECK;
/* ret_send_by[i]: unix micros until which orders[i] may be sent; 0: it may not. Once per fence. */
bool saga_permit(struct db *db, const struct saga_order orders[], size_t count,
                 int64_t ret_send_by[], struct err *err) MUST_CHECK;
/* ret_refusals[i]: NULL when recorded, otherwise the rule that refused outcomes[i]. */
bool saga_finish(struct db *db, struct arena *arena, const struct saga_outcome outcomes[],
                 size_t count, const char *ret_refusals[], struct err *err) MUST_CHECK;
