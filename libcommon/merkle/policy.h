/* policy: whose signatures make a checkpoint believed: a log's, and enough witnesses'.
 *
 * Pure. The text form is C2SP tlog-policy: lines `log <vkey> [url]`, `witness <name> <vkey>
 * [url]`, `group <name> <k|any|all> <member>...`, and one `quorum <name|none>`; # comments. */
#pragma once

#include "note.h"

enum { POLICY_NAMES_MAX = 32 };

struct policy_name {
    char name[NOTE_NAME_MAX + 1];
    size_t key;       /* of a witness: its place in key[] */
    uint32_t members; /* of a group: one bit for each name before it; 0 for a witness */
    unsigned needed;  /* of those members */
};

struct policy {
    struct note_key key[1 + POLICY_NAMES_MAX]; /* key[0] is the log's */
    size_t key_count;
    struct policy_name name[POLICY_NAMES_MAX];
    size_t name_count;
    bool wants_witnesses;
    size_t quorum; /* place in name[], when witnesses are wanted */
};

bool policy_parse(struct bytes text, struct policy *ret_policy, struct err *err) MUST_CHECK;
/* The log alone, or with one witness that must have cosigned (NULL: none). */
void policy_of(const struct note_key *log, const struct note_key *witness,
               struct policy *ret_policy);
/* The note is signed by the log and by the quorum. */
bool policy_accepts(const struct policy *policy, const struct note *note,
                    struct err *err) MUST_CHECK;
