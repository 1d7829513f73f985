/* request: bodies of requests, read strictly: every member is known, of its type, and within its
 * bounds. Pure. What the ledger must judge itself (kinds, budgets, caps) is not asked here. */
#pragma once

#include "bytes.h"
#include "fault.h"
#include "hash.h"
#include "mem.h"
#include "uuid.h"

enum { REQUEST_BYTES_MAX = 64 * 1024, REQUEST_EFFECTS_MAX = 100, REQUEST_DECISIONS_MAX = 100 };

struct wanted {
    const char *account, *target;
    int64_t daily_micros;
};

struct proposal {
    const char *kind, *note;
    bool has_replaces;
    struct uuid replaces;
    int64_t ttl_s;
    struct wanted *effects;
    size_t effect_count;
};

struct decision {
    const char *reason;  /* "" when absent */
    const char *outcome; /* of a resolution */
};

struct control {
    const char *scope, *level, *reason;
};

struct disowned {
    int64_t decisions[REQUEST_DECISIONS_MAX];
    size_t count;
};

/* What is returned lives in the arena; on false the fault says what is wrong. An empty body is an
 * empty object. */
bool request_proposal(struct bytes body, struct arena *arena, struct proposal *ret_proposal,
                      struct fault *fault) MUST_CHECK;
bool request_decision(struct bytes body, struct arena *arena, struct decision *ret_decision,
                      struct fault *fault) MUST_CHECK;
bool request_resolution(struct bytes body, struct arena *arena, struct decision *ret_decision,
                        struct fault *fault) MUST_CHECK;
bool request_control(struct bytes body, struct arena *arena, struct control *ret_control,
                     struct fault *fault) MUST_CHECK;
bool request_disowned(struct bytes body, struct disowned *ret_disowned,
                      struct fault *fault) MUST_CHECK;

/* If-Match: one strong tag, the content hash in hex. */
bool request_if_match(const char *header, struct hash *ret_hash) MUST_CHECK;
/* One person's key: the same key of another person is another request. 1 to 64 visible characters.
 */
bool request_id(const struct uuid *person, const char *key, struct uuid *ret_id) MUST_CHECK;
/* The first and last id that begin with these 4 to 36 characters. */
bool request_id_range(const char *prefix, struct uuid *ret_first, struct uuid *ret_last) MUST_CHECK;
