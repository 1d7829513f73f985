#include "policy.h"

#include "lines.h"

#include <assert.h>
#include <string.h>

enum { text_bytes_max = 16 * 1024, word_bytes = 256 };

/* Takes a word off the line; words are at most word_bytes - 1 long. */
static bool word_next(struct bytes *line, char word[static word_bytes])
{
    size_t start = 0;
    while (start < line->length && (line->data[start] == ' ' || line->data[start] == '\t'))
        start++;
    size_t end = start;
    while (end < line->length && line->data[end] != ' ' && line->data[end] != '\t')
        end++;
    size_t length = end - start;
    if (length == 0 || length >= word_bytes || memchr(line->data + start, 0, length))
        return false;
    memcpy(word, line->data + start, length);
    word[length] = '\0';
    *line = bytes_of(line->data + end, line->length - end);
    return true;
}

static bool find(const struct policy *policy, const char *name, size_t *ret_place)
{
    for (size_t i = 0; i < policy->name_count; i++)
        if (strcmp(policy->name[i].name, name) == 0) {
            *ret_place = i;
            return true;
        }
    return false;
}

static struct policy_name *add_name(struct policy *policy, const char *name, struct err *err)
{
    size_t place;
    if (strlen(name) > NOTE_NAME_MAX || strcmp(name, "none") == 0)
        err_set(err, ERR_REJECT, "bad name \"%.40s\"", name);
    else if (find(policy, name, &place))
        err_set(err, ERR_REJECT, "%s is named twice", name);
    else if (policy->name_count == POLICY_NAMES_MAX)
        err_set(err, ERR_REJECT, "more than %d witnesses and groups", POLICY_NAMES_MAX);
    else {
        struct policy_name *added = &policy->name[policy->name_count++];
        *added = (struct policy_name){0};
        memcpy(added->name, name, strlen(name));
        return added;
    }
    return NULL;
}

static bool add_log(struct policy *policy, struct bytes line, struct err *err)
{
    char key[word_bytes];
    if (policy->key[0].name[0])
        return err_set(err, ERR_REJECT, "more than one log");
    if (!word_next(&line, key))
        return err_set(err, ERR_REJECT, "a log needs its verifier key");
    return note_key_parse(key, &policy->key[0], err);
}

static bool add_witness(struct policy *policy, struct bytes line, struct err *err)
{
    char name[word_bytes], key[word_bytes];
    if (!word_next(&line, name) || !word_next(&line, key))
        return err_set(err, ERR_REJECT, "a witness needs a name and its verifier key");
    struct policy_name *witness = add_name(policy, name, err);
    if (!witness)
        return false;
    witness->key = policy->key_count;
    struct note_key *parsed = &policy->key[policy->key_count++];
    if (!note_key_parse(key, parsed, err))
        return false;
    return parsed->type == NOTE_COSIGNATURE
        || err_set(err, ERR_REJECT, "the key of %s is not for cosignatures", name);
}

static bool add_group(struct policy *policy, struct bytes line, struct err *err)
{
    char name[word_bytes], needed[word_bytes], member[word_bytes];
    if (!word_next(&line, name) || !word_next(&line, needed))
        return err_set(err, ERR_REJECT, "a group needs a name, a number and members");
    uint32_t members = 0;
    while (word_next(&line, member)) {
        size_t place;
        if (!find(policy, member, &place))
            return err_set(err, ERR_REJECT, "group %s: %s is not known yet", name, member);
        members |= UINT32_C(1) << place;
    }
    unsigned count = (unsigned)__builtin_popcount(members);
    uint64_t number = 0;
    if (strcmp(needed, "any") == 0)
        number = 1;
    else if (strcmp(needed, "all") == 0)
        number = count;
    else if (!line_number(bytes_of_text(needed), &number))
        return err_set(err, ERR_REJECT, "group %s: needs a number, any or all", name);
    if (number == 0 || number > count)
        return err_set(err, ERR_REJECT, "group %s can't have that many of its members", name);
    struct policy_name *group = add_name(policy, name, err);
    if (!group)
        return false;
    group->members = members;
    group->needed = (unsigned)number;
    return true;
}

static bool set_quorum(struct policy *policy, struct bytes line, bool *said, struct err *err)
{
    char name[word_bytes];
    if (*said)
        return err_set(err, ERR_REJECT, "more than one quorum");
    if (!word_next(&line, name))
        return err_set(err, ERR_REJECT, "a quorum needs a name");
    *said = true;
    policy->wants_witnesses = strcmp(name, "none") != 0;
    return !policy->wants_witnesses || find(policy, name, &policy->quorum)
        || err_set(err, ERR_REJECT, "quorum %s is not known", name);
}

static bool add_line(struct policy *policy, struct bytes line, bool *quorum_said, struct err *err)
{
    char verb[word_bytes];
    if (line.length == 0 || line.data[0] == '#')
        return true;
    if (!word_next(&line, verb))
        return err_set(err, ERR_REJECT, "an empty or endless word");
    if (strcmp(verb, "log") == 0)
        return add_log(policy, line, err);
    if (strcmp(verb, "witness") == 0)
        return add_witness(policy, line, err);
    if (strcmp(verb, "group") == 0)
        return add_group(policy, line, err);
    if (strcmp(verb, "quorum") == 0)
        return set_quorum(policy, line, quorum_said, err);
    return err_set(err, ERR_REJECT, "unknown word \"%.40s\"", verb);
}

/* Under two names one key would count twice. */
static bool keys_differ(const struct policy *policy, struct err *err)
{
    const struct note_key *key = policy->key;
    for (size_t i = 0; i < policy->key_count; i++)
        for (size_t k = 0; k < i; k++)
            if (memcmp(key[i].public_key, key[k].public_key, ED25519_PUBLIC) == 0)
                return err_set(err, ERR_REJECT, "%s and %s are one key", key[k].name, key[i].name);
    return true;
}

bool policy_parse(struct bytes text, struct policy *ret_policy, struct err *err)
{
    struct policy policy = {.key_count = 1};
    struct bytes line;
    bool quorum_said = false;
    if (text.length > text_bytes_max)
        return err_set(err, ERR_REJECT, "the policy is longer than %d bytes", text_bytes_max);
    for (int number = 1; text.length > 0; number++) {
        if (!line_next(&text, &line))
            return err_set(err, ERR_REJECT, "policy line %d does not end", number);
        if (!add_line(&policy, line, &quorum_said, err))
            return err_context(err, "policy line %d", number);
    }
    if (!policy.key[0].name[0])
        return err_set(err, ERR_REJECT, "the policy names no log");
    if (!quorum_said)
        return err_set(err, ERR_REJECT, "the policy has no quorum");
    if (!keys_differ(&policy, err))
        return false;
    *ret_policy = policy;
    return true;
}

void policy_of(const struct note_key *log, const struct note_key *witness,
               struct policy *ret_policy)
{
    *ret_policy = (struct policy){.key = {*log}, .key_count = 1};
    if (!witness)
        return;
    ret_policy->key[ret_policy->key_count++] = *witness;
    ret_policy->name[0].key = 1;
    memcpy(ret_policy->name[0].name, witness->name, sizeof witness->name);
    ret_policy->name_count = 1;
    ret_policy->wants_witnesses = true;
}

bool policy_accepts(const struct policy *policy, const struct note *note, struct err *err)
{
    struct note_seen seen[1 + POLICY_NAMES_MAX];
    if (!note_verify(note, policy->key, policy->key_count, seen, err))
        return false;
    if (!seen[0].verified)
        return err_set(err, ERR_REJECT, "the log %s has not signed", policy->key[0].name);
    if (!policy->wants_witnesses)
        return true;

    uint32_t met = 0; /* names that are satisfied; members come before their group */
    for (size_t i = 0; i < policy->name_count; i++) {
        const struct policy_name *name = &policy->name[i];
        assert(name->members >> i == 0);
        bool is_met = name->members
            ? (unsigned)__builtin_popcount(name->members & met) >= name->needed
            : seen[name->key].verified;
        met |= (uint32_t)is_met << i;
    }
    if (!(met >> policy->quorum & 1))
        return err_set(err, ERR_REJECT, "too few witnesses have cosigned: %s is not met",
                       policy->name[policy->quorum].name);
    return true;
}
