/* known: tokens the ledger has just proved, so that a reader's next request need not ask again.
 *
 * For reads alone. What is kept ends a second after the ledger was asked, so a token that is
 * revoked, has expired or has lost its person opens nothing a second later; what decides is proved
 * by the ledger each time. Pure; no token is kept, only its SHA-256. Whoever finds no room takes
 * another's: the ledger is asked again, and nothing else happens. */
#pragma once

#include "call.h"
#include "hash.h"

enum { KNOWN_MS = 1000, KNOWN_SLOTS = 1024 };

struct known {
    struct {
        struct hash token;
        struct caller caller;
    } slots[KNOWN_SLOTS];
};

/* Who it is may be believed now; if not, the ledger must be asked. */
bool known_holds(const struct caller *caller, int64_t now_ms);
/* False: nothing that still holds is known of it. */
bool known_find(const struct known *known, const char *token, int64_t now_ms,
                struct caller *ret_caller) MUST_CHECK;
void known_add(struct known *known, const char *token, const struct caller *caller);
