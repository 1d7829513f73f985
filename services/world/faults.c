#include "faults.h"

#include "mem.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    enum fault_scope on; /* unless told otherwise */
} knobs[FAULT_KINDS] = {
    [FAULT_TOO_MANY] = {"http_429",                FAULT_ON_ALL   },
    [FAULT_ERROR_BEFORE] = {"http_5xx_before_commit",  FAULT_ON_WRITES},
    [FAULT_HANG] = {"stop",                    FAULT_ON_ALL   },
    [FAULT_PARTIAL] = {"partial_failure",         FAULT_ON_WRITES},
    [FAULT_ERROR_AFTER] = {"http_5xx_after_commit",   FAULT_ON_WRITES},
    [FAULT_HANG_AFTER] = {"stop_after_commit",       FAULT_ON_WRITES},
    [FAULT_LOSE_REPLY] = {"lose_reply_after_commit", FAULT_ON_WRITES},
    [FAULT_TRUNCATE] = {"truncated_body",          FAULT_ON_ALL   },
    [FAULT_EXPIRE] = {"expired_token",           FAULT_ON_ALL   },
    [FAULT_EMPTY_PAGE] = {"empty_page",              FAULT_ON_READS },
    [FAULT_RESTATE] = {"restated_days",           FAULT_ON_READS },
};

static const char *const scopes[] = {"writes", "reads", "all"};

#define NUMBER(member) #member, offsetof(struct faults, member)
static const struct {
    const char *name;
    size_t offset;
    int64_t initial, max;
} numbers[] = {
    {NUMBER(latency_ms),            0,    600000   },
    {NUMBER(latency_jitter_ms),     0,    600000   },
    {NUMBER(retry_after_s),         1,    86400    },
    {NUMBER(token_ttl_s),           3599, 86400    },
    {NUMBER(change_event_delay_ms), 0,    86400000 },
    {NUMBER(version_sunset),        0,    99       },
    {NUMBER(operations_a_day),      0,    100000000},
    {NUMBER(reads_per_s),           0,    1000000  },
    {NUMBER(posts_per_s),           1,    1000000  },
    {NUMBER(posts_burst),           20,   1000000  },
};

static int64_t *number_at(struct faults *faults, size_t offset)
{
    return (int64_t *)(void *)((char *)faults + offset);
}

void faults_init(struct faults *faults, uint64_t seed)
{
    *faults = (struct faults){.seed = seed};
    for (size_t i = 0; i < FAULT_KINDS; i++)
        faults->knob[i].on = knobs[i].on;
    for (size_t i = 0; i < COUNT(numbers); i++)
        *number_at(faults, numbers[i].offset) = numbers[i].initial;
}

/* A counter-based generator: the value depends on its arguments alone. */
static uint64_t mix(uint64_t seed, uint64_t purpose, uint64_t count)
{
    uint64_t x = seed * 0x9E3779B97F4A7C15u + purpose * 0xD1B54A32D192ED03u + count;
    for (int round = 0; round < 3; round++) {
        x += 0x9E3779B97F4A7C15u;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
        x ^= x >> 31;
    }
    return x;
}

bool faults_strike(struct faults *faults, enum fault fault, bool write)
{
    struct fault_knob *knob = &faults->knob[fault];
    bool concerned = knob->on == FAULT_ON_ALL || (knob->on == FAULT_ON_WRITES) == write;
    if (!concerned || (knob->next == 0 && knob->rate <= 0))
        return false;
    if (knob->next > 0) {
        knob->next--;
        return true;
    }
    uint64_t draw = mix(faults->seed, fault, knob->asked++);
    return (double)(draw >> 11) * 0x1p-53 < knob->rate;
}

bool faults_restates(const struct faults *faults, int64_t id, int64_t day)
{
    double rate = faults->knob[FAULT_RESTATE].rate;
    if (rate <= 0)
        return false;
    uint64_t draw = mix(faults->seed, FAULT_RESTATE, (uint64_t)id * 1000003 + (uint64_t)day);
    return (double)(draw >> 11) * 0x1p-53 < rate;
}

uint64_t faults_draw(struct faults *faults, uint64_t bound)
{
    return mix(faults->seed, FAULT_KINDS, faults->latencies++) % bound;
}

int64_t faults_latency_ms(struct faults *faults)
{
    if (faults->latency_jitter_ms == 0)
        return faults->latency_ms;
    return faults->latency_ms
        + (int64_t)faults_draw(faults, (uint64_t)faults->latency_jitter_ms + 1);
}

static bool read_scope(struct fault_knob *knob, const char *name, const json_t *json,
                       struct err *err)
{
    const char *text = json_string_value(json);
    for (size_t i = 0; text && i < COUNT(scopes); i++)
        if (strcmp(scopes[i], text) == 0) {
            knob->on = (enum fault_scope)i;
            return true;
        }
    return err_set(err, ERR_REJECT, "%s.on: \"writes\", \"reads\" or \"all\"", name);
}

static bool read_rate(struct fault_knob *knob, const char *name, const json_t *json,
                      struct err *err)
{
    double rate = json_number_value(json);
    if (!json_is_number(json) || !(rate >= 0 && rate <= 1))
        return err_set(err, ERR_REJECT, "%s.rate: a number from 0 to 1", name);
    knob->rate = rate;
    return true;
}

/* A bare number is the rate. */
static bool read_knob(struct fault_knob *knob, const char *name, json_t *json, struct err *err)
{
    const char *key;
    json_t *value;
    if (json_is_number(json))
        return read_rate(knob, name, json, err);
    if (!json_is_object(json))
        return err_set(err, ERR_REJECT, "%s: a rate or {\"rate\",\"next\",\"on\"}", name);
    json_object_foreach(json, key, value)
    {
        json_int_t next = json_integer_value(value);
        if (strcmp(key, "rate") == 0) {
            if (!read_rate(knob, name, value, err))
                return false;
        } else if (strcmp(key, "on") == 0) {
            if (!read_scope(knob, name, value, err))
                return false;
        } else if (strcmp(key, "next") != 0 || !json_is_integer(value) || next < 0) {
            return err_set(err, ERR_REJECT, "%s.%s: unknown, or not a count", name, key);
        } else {
            knob->next = next;
        }
    }
    return true;
}

static bool read_one(struct faults *faults, const char *name, json_t *json, struct err *err)
{
    for (size_t i = 0; i < FAULT_KINDS; i++)
        if (strcmp(knobs[i].name, name) == 0)
            return read_knob(&faults->knob[i], name, json, err);
    for (size_t i = 0; i < COUNT(numbers); i++) {
        json_int_t number = json_integer_value(json);
        if (strcmp(numbers[i].name, name) != 0)
            continue;
        if (!json_is_integer(json) || number < 0 || number > numbers[i].max)
            return err_set(err, ERR_REJECT, "%s: an integer from 0 to %lld", name,
                           (long long)numbers[i].max);
        *number_at(faults, numbers[i].offset) = number;
        return true;
    }
    if (strcmp(name, "seed") == 0 && json_is_integer(json)) {
        faults->seed = (uint64_t)json_integer_value(json);
        return true;
    }
    return err_set(err, ERR_REJECT, "%s: unknown", name);
}

bool faults_read(struct faults *faults, const json_t *settings, struct err *err)
{
    struct faults copy = *faults;
    const char *name;
    json_t *json;
    if (!json_is_object(settings))
        return err_set(err, ERR_REJECT, "faults: an object");
    json_object_foreach((json_t *)settings, name,
                        json) if (!read_one(&copy, name, json, err)) return false;
    *faults = copy;
    return true;
}

void faults_write(const struct faults *faults, struct json_writer *writer)
{
    writer_open(writer, '{');
    writer_key(writer, "seed");
    writer_number(writer, (int64_t)faults->seed);
    for (size_t i = 0; i < COUNT(numbers); i++) {
        writer_key(writer, numbers[i].name);
        writer_number(writer, *number_at((struct faults *)faults, numbers[i].offset));
    }
    for (size_t i = 0; i < FAULT_KINDS; i++) {
        writer_key(writer, knobs[i].name);
        writer_open(writer, '{');
        writer_key(writer, "rate");
        writer_real(writer, faults->knob[i].rate);
        writer_key(writer, "next");
        writer_number(writer, faults->knob[i].next);
        writer_key(writer, "on");
        writer_text(writer, scopes[faults->knob[i].on]);
        writer_close(writer, '}');
    }
    writer_close(writer, '}');
}
