/* moves: verdicts on sagas and their steps, gathered for a batch and written in one go.
 *
 * A move is compare-and-set on the saga's version and content hash, so that a repeat is harmless:
 * it answers `already`, and a saga that went elsewhere meanwhile answers `refused`. */
#pragma once

#include "db.h"
#include "hash.h"
#include "mem.h"

/* A saga as it was read. */
struct saga_seen {
    struct uuid id;
    int32_t version;
    struct hash content;
};

enum saga_result { SAGA_REFUSED, SAGA_ALREADY, SAGA_MOVED };

struct saga_move {
    struct saga_seen saga;
    const char *to;
    const char *note; /* "": none */
    enum saga_result result;
    const char *rule; /* that refused it; otherwise NULL */
};

struct saga_verdict {
    struct uuid saga;
    struct hash content;
    const char *rule;
    bool passed;
    double value, bound;
    const char *sentence;
};

/* Texts are borrowed until saga_advance returns; `rule` of a move lives in the arena. */
struct saga_moves {
    struct arena *arena;
    struct saga_move *move;
    size_t count, capacity;
    struct saga_verdict *verdict;
    size_t verdict_count, verdict_capacity;
};

struct saga_moves saga_moves_in(struct arena *arena, size_t count_expected);
/* One move a saga. */
void saga_moves_add(struct saga_moves *moves, const struct saga_seen *saga, const char *to,
                    const char *note);
void saga_verdicts_add(struct saga_moves *moves, const struct saga_verdict *verdict);
/* Writes the verdicts, then makes the moves: one round trip, one statement each. Afterwards the
 * moves stand in the order of their ids, each with its result. */
bool saga_advance(struct db *db, struct saga_moves *moves, struct err *err) MUST_CHECK;
/* After saga_advance: this saga's move, or NULL. */
struct saga_move *saga_moves_find(const struct saga_moves *moves, const struct uuid *saga);

enum saga_rollback_result { SAGA_ROLLBACK_BEGUN, SAGA_ROLLBACK_WAITS, SAGA_ROLLBACK_REFUSED };

/* Orders one rollback; the reason goes into the ledger. *ret_why lives in the arena. A rollback
 * that met somebody else's change has ended and counts as refused; one of what was never sent has
 * ended as well, and counts as begun. */
bool saga_begin_rollback(struct db *db, struct arena *arena, const struct uuid *saga,
                         const char *reason, enum saga_rollback_result *ret_result,
                         const char **ret_why, struct err *err) MUST_CHECK;
