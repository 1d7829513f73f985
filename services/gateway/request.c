#include "request.h"

#include "json.h"
#include "money.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const size_t note_bytes_max = 16000; /* 4000 characters, which the ledger counts */
static const int64_t ttl_s_min = 60;
static const int64_t ttl_s_max = INT64_C(7) * 86400;
static const int64_t ttl_s_default = 86400;

/* A text member. Without ret it is known here and read elsewhere. */
struct member {
    const char *name;
    const char **ret;
    size_t bytes_max;
    bool required;
};

static bool parse(struct bytes body, json_t **ret_json, struct fault *fault)
{
    struct err err = {0};
    if (body.length == 0)
        body = bytes_of_text("{}");
    if (!json_parse(body, REQUEST_BYTES_MAX, ret_json, &err))
        return fault_set(fault, err.text, "%s", "");
    if (json_is_object(*ret_json))
        return true;
    json_decref(*ret_json);
    *ret_json = NULL;
    return fault_set(fault, "must be an object", "%s", "");
}

static bool read_text(const json_t *value, const struct member *member, const char *at,
                      struct arena *arena, struct fault *fault)
{
    if (!value && !member->required)
        return true;
    if (!value)
        return fault_set(fault, "is missing", "%s/%s", at, member->name);
    if (!json_is_string(value))
        return fault_set(fault, "must be a string", "%s/%s", at, member->name);
    size_t length = json_string_length(value);
    if (length > member->bytes_max || (length == 0 && member->required))
        return fault_set(fault, length ? "is too long" : "is empty", "%s/%s", at, member->name);
    *member->ret = arena_text(arena, json_string_value(value), length);
    return true;
}

/* Exactly these members and no other, in the object at the pointer `at`. */
static bool read_members(json_t *object, const char *at, const struct member members[],
                         size_t count, struct arena *arena, struct fault *fault)
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        size_t i = 0;
        while (i < count && strcmp(members[i].name, name) != 0)
            i++;
        if (i == count)
            return fault_set(fault, "is not a member of this request", "%s/%s", at, name);
    }
    for (size_t i = 0; i < count; i++)
        if (members[i].ret
            && !read_text(json_object_get(object, members[i].name), &members[i], at, arena, fault))
            return false;
    return true;
}

/* `daily` as people write it, or `daily_micros`; never a float, which can't hold cents. */
static bool read_daily(json_t *effect, size_t n, int64_t *ret_micros, struct fault *fault)
{
    struct err err = {0};
    const json_t *daily = json_object_get(effect, "daily");
    if (!daily && !json_object_get(effect, "daily_micros"))
        return fault_set(fault, "is missing", "/effects/%zu/daily", n);
    if (!daily) {
        if (json_need_int(effect, "daily_micros", 0, 1000000000000000, ret_micros, &err))
            return true;
        return fault_set(fault, "must be micros, 0 to 1000000000000000",
                         "/effects/%zu/daily_micros", n);
    }
    if (json_object_get(effect, "daily_micros"))
        return fault_set(fault, "is given twice: as daily and as daily_micros",
                         "/effects/%zu/daily_micros", n);
    if (!json_is_string(daily))
        return fault_set(fault, "must be a decimal in a string, such as \"52.50\"",
                         "/effects/%zu/daily", n);
    const char *wrong = strlen(json_string_value(daily)) > 40
        ? "is too long"
        : money_read(json_string_value(daily), ret_micros);
    return !wrong || fault_set(fault, wrong, "/effects/%zu/daily", n);
}

static bool read_effect(json_t *effect, size_t n, struct arena *arena, struct wanted *ret_wanted,
                        struct fault *fault)
{
    char at[32];
    snprintf(at, sizeof at, "/effects/%zu", n);
    if (!json_is_object(effect))
        return fault_set(fault, "must be an object", "%s", at);
    const struct member members[] = {
        {"account",      &ret_wanted->account, 100, true },
        {"target",       &ret_wanted->target,  200, true },
        {"daily",        NULL,                 0,   false},
        {"daily_micros", NULL,                 0,   false},
    };
    return read_members(effect, at, members, COUNT(members), arena, fault)
        && read_daily(effect, n, &ret_wanted->daily_micros, fault);
}

static bool read_effects(const json_t *effects, struct arena *arena, struct proposal *proposal,
                         struct fault *fault)
{
    if (!effects)
        return true;
    if (!json_is_array(effects) || json_array_size(effects) > REQUEST_EFFECTS_MAX)
        return fault_set(fault, "must be an array of at most 100", "/effects");
    proposal->effect_count = json_array_size(effects);
    proposal->effects = arena_array(arena, proposal->effect_count, sizeof *proposal->effects);
    for (size_t i = 0; i < proposal->effect_count; i++)
        if (!read_effect(json_array_get(effects, i), i, arena, &proposal->effects[i], fault))
            return false;
    return true;
}

static bool read_proposal(json_t *json, struct arena *arena, struct proposal *proposal,
                          struct fault *fault)
{
    struct err err = {0};
    const char *replaces = NULL;
    const struct member members[] = {
        {"kind",     &proposal->kind, 64,             true },
        {"note",     &proposal->note, note_bytes_max, false},
        {"replaces", &replaces,       36,             false},
        {"effects",  NULL,            0,              false},
        {"ttl_s",    NULL,            0,              false},
    };
    if (!read_members(json, "", members, COUNT(members), arena, fault))
        return false;
    proposal->has_replaces = replaces != NULL;
    if (replaces && !uuid_parse(replaces, &proposal->replaces))
        return fault_set(fault, "must be the id of a proposal", "/replaces");
    if (json_object_get(json, "ttl_s")
        && !json_need_int(json, "ttl_s", ttl_s_min, ttl_s_max, &proposal->ttl_s, &err))
        return fault_set(fault, "must be seconds, 60 to 604800", "/ttl_s");
    return read_effects(json_object_get(json, "effects"), arena, proposal, fault);
}

bool request_proposal(struct bytes body, struct arena *arena, struct proposal *ret_proposal,
                      struct fault *fault)
{
    OWNED(json_t) *json = NULL;
    struct proposal proposal = {.note = "", .ttl_s = ttl_s_default};
    if (!parse(body, &json, fault) || !read_proposal(json, arena, &proposal, fault))
        return false;
    *ret_proposal = proposal;
    return true;
}

bool request_decision(struct bytes body, struct arena *arena, struct decision *ret_decision,
                      struct fault *fault)
{
    OWNED(json_t) *json = NULL;
    struct decision decision = {.reason = ""};
    const struct member members[] = {
        {"reason", &decision.reason, note_bytes_max, false},
    };
    if (!parse(body, &json, fault)
        || !read_members(json, "", members, COUNT(members), arena, fault))
        return false;
    *ret_decision = decision;
    return true;
}

bool request_resolution(struct bytes body, struct arena *arena, struct decision *ret_decision,
                        struct fault *fault)
{
    OWNED(json_t) *json = NULL;
    struct decision decision = {0};
    const struct member members[] = {
        {"outcome", &decision.outcome, 20,             true},
        {"reason",  &decision.reason,  note_bytes_max, true},
    };
    if (!parse(body, &json, fault)
        || !read_members(json, "", members, COUNT(members), arena, fault))
        return false;
    if (strcmp(decision.outcome, "applied") != 0 && strcmp(decision.outcome, "not_applied") != 0)
        return fault_set(fault, "must be applied or not_applied", "/outcome");
    *ret_decision = decision;
    return true;
}

bool request_control(struct bytes body, struct arena *arena, struct control *ret_control,
                     struct fault *fault)
{
    OWNED(json_t) *json = NULL;
    struct control control = {.reason = ""};
    const struct member members[] = {
        {"scope",  &control.scope,  100,            true },
        {"level",  &control.level,  10,             true },
        {"reason", &control.reason, note_bytes_max, false},
    };
    if (!parse(body, &json, fault)
        || !read_members(json, "", members, COUNT(members), arena, fault))
        return false;
    *ret_control = control;
    return true;
}

bool request_disowned(struct bytes body, struct disowned *ret_disowned, struct fault *fault)
{
    OWNED(json_t) *json = NULL;
    struct disowned disowned = {0};
    const struct member members[] = {
        {"decisions", NULL, 0, true},
    };
    if (!parse(body, &json, fault) || !read_members(json, "", members, COUNT(members), NULL, fault))
        return false;
    const json_t *list = json_object_get(json, "decisions");
    disowned.count = json_array_size(list);
    if (disowned.count < 1 || disowned.count > REQUEST_DECISIONS_MAX)
        return fault_set(fault, "must be an array of 1 to 100", "/decisions");
    for (size_t i = 0; i < disowned.count; i++) {
        const json_t *id = json_array_get(list, i);
        if (!json_is_integer(id) || json_integer_value(id) < 1)
            return fault_set(fault, "must be the id of a decision", "/decisions/%zu", i);
        disowned.decisions[i] = json_integer_value(id);
    }
    *ret_disowned = disowned;
    return true;
}

bool request_if_match(const char *header, struct hash *ret_hash)
{
    char hex[2 * HASH_BYTES + 1];
    if (strlen(header) != sizeof hex + 1 || header[0] != '"' || header[sizeof hex] != '"')
        return false;
    memcpy(hex, header + 1, sizeof hex - 1);
    hex[sizeof hex - 1] = '\0';
    return hex_decode(hex, ret_hash->bytes, HASH_BYTES);
}

bool request_id(const struct uuid *person, const char *key, struct uuid *ret_id)
{
    size_t length = strlen(key);
    if (length < 1 || length > 64)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!isgraph((unsigned char)key[i]))
            return false;
    const struct bytes parts[] = {
        bytes_of(person->bytes, sizeof person->bytes),
        bytes_of(key, length),
    };
    struct hash hash = hash_sha256_parts(parts, COUNT(parts));
    memcpy(ret_id->bytes, hash.bytes, sizeof ret_id->bytes);
    return true;
}

bool request_id_range(const char *prefix, struct uuid *ret_first, struct uuid *ret_last)
{
    char first[UUID_TEXT] = "00000000-0000-0000-0000-000000000000";
    char last[UUID_TEXT] = "ffffffff-ffff-ffff-ffff-ffffffffffff";
    size_t length = strlen(prefix);
    if (length < 4 || length > sizeof first - 1)
        return false;
    for (size_t i = 0; i < length; i++)
        first[i] = last[i] = prefix[i];
    return uuid_parse(first, ret_first) && uuid_parse(last, ret_last);
}
