/* ledger: every mutation that ever reached the world, operation by operation, kept or not.
 *
 * This is what tests hold the system against ("applied exactly once"), so nothing is ever dropped:
 * when it is full, mutations are refused. Append-only; an entry's number is its place. */
#pragma once

#include "hash.h"
#include "json_writer.h"

enum { LEDGER_ENTRIES_MAX = 4 * 1000 * 1000 };

enum ledger_reply {
    LEDGER_REPLIED,     /* sent as the platform would */
    LEDGER_REPLY_LOST,  /* the connection was closed instead */
    LEDGER_REPLY_CUT,   /* the connection was closed within the body */
    LEDGER_ERROR_AFTER, /* 5xx although applied */
    LEDGER_HANGING,
};

struct ledger_entry {
    int64_t arrived_micros;
    struct hash request_hash; /* of the request's body */
    uint64_t request;         /* counts requests */
    int64_t customer_id;
    uint32_t operation_index;
    const char *resource;  /* "campaign_budget"; static, as the other texts */
    const char *operation; /* "update", or "" when it was not even that */
    int64_t resource_id;
    int64_t before_micros, after_micros; /* of a budget whose amount was named */
    bool applied;
    const char *why; /* "" when applied, else "VALIDATE_ONLY", an error code, ... */
    enum ledger_reply reply;
};

struct ledger {
    struct ledger_entry *entries;
    size_t count, capacity;
};

void ledger_done(struct ledger *ledger);
bool ledger_has_room(const struct ledger *ledger, size_t count);
void ledger_add(struct ledger *ledger, const struct ledger_entry *entry);
/* What became of the answer to that request: its entries are the newest. */
void ledger_set_reply(struct ledger *ledger, uint64_t request, enum ledger_reply reply);
/* Entries numbered after+1 .. after+limit, one JSON object a line. */
void ledger_write(const struct ledger *ledger, size_t after, size_t limit, struct buffer *out);
