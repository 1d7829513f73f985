/* edit: a set of changes to an account that is kept whole or taken back to any mark.
 *
 * What an operation is about to alter is copied first; undoing puts the copies back in reverse.
 * Keeping them writes the account's change history. So "atomic", "partial failure" and "validate
 * only" are one thing: how far back an edit is taken. */
#pragma once

#include "account.h"

struct undo;

struct edit {
    struct account *account;
    struct arena *arena; /* borrowed for the edit's length */
    uint64_t number;
    struct undo *undos;
    size_t count, capacity;
};

void edit_begin(struct edit *edit, struct account *account, struct arena *arena);

/* To be altered by operation `index`; "aside" leaves no history. */
struct budget *edit_budget(struct edit *edit, int64_t id, size_t index);
struct campaign *edit_campaign(struct edit *edit, int64_t id, size_t index);
struct budget *edit_budget_aside(struct edit *edit, int64_t id);
struct budget *edit_add_budget(struct edit *edit, const struct budget *budget, size_t index);
struct campaign *edit_add_campaign(struct edit *edit, const struct campaign *campaign,
                                   size_t index);
/* The fields altered by the latest edit_budget, edit_campaign or edit_add_*. */
void edit_note(struct edit *edit, int operation, uint32_t changed);

size_t edit_mark(const struct edit *edit);
void edit_undo_to(struct edit *edit, size_t mark);
/* Into the history, at now or just after the former edit, so that times never repeat. */
void edit_keep(struct edit *edit, int64_t now_micros, int client, const char *user_email);
