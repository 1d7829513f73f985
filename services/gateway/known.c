#include "known.h"

#include <string.h>

static size_t slot_of(const struct hash *token)
{
    size_t slot;
    memcpy(&slot, token->bytes, sizeof slot);
    return slot % KNOWN_SLOTS;
}

bool known_holds(const struct caller *caller, int64_t now_ms)
{
    return caller->asked_ms > 0 && now_ms - caller->asked_ms < KNOWN_MS;
}

bool known_find(const struct known *known, const char *token, int64_t now_ms,
                struct caller *ret_caller)
{
    struct hash hash = hash_sha256(bytes_of_text(token));
    size_t slot = slot_of(&hash);
    const struct caller *caller = &known->slots[slot].caller;
    if (!known_holds(caller, now_ms) || !hash_equal(&known->slots[slot].token, &hash))
        return false;
    *ret_caller = *caller;
    return true;
}

void known_add(struct known *known, const char *token, const struct caller *caller)
{
    struct hash hash = hash_sha256(bytes_of_text(token));
    size_t slot = slot_of(&hash);
    known->slots[slot].token = hash;
    known->slots[slot].caller = *caller;
}
