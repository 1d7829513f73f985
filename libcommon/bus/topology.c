#include "topology.h"

#include "bus_nats.h"
#include "fleet.h"
#include "mem.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

DEFINE_OWNED(json_t, json_decref)

static const json_int_t second_ns = 1000000000;
static const json_int_t ack_wait_s = 30;
static const json_int_t duplicate_window_s = 120;
static const json_int_t ack_pending_max = 4096;

enum { not_found_consumer = 10014, not_found_stream = 10059 };

/* One thing to reconcile: how to look at it, how to make or change it, what it should be. */
struct wanted {
    const char *name; /* for people */
    char info[256], create[256], update[256];
    json_t *config; /* owned */
    bool wrapped;   /* the request is {"stream_name", "config"} instead of the config itself */
    const char *stream;
};

static int error_code(const json_t *answer)
{
    return (int)json_integer_value(json_object_get(json_object_get(answer, "error"), "err_code"));
}

static bool call(struct bus *bus, const char *subject, const json_t *request, json_t **ret_answer,
                 struct err *err)
{
    OWNED(natsMsg) *reply = NULL;
    char *text = request ? json_dumps(request, JSON_COMPACT) : mem_text("");
    bool ok = bus_ask(bus, subject, text, &reply, err);
    mem_free(text);
    if (!ok)
        return false;
    json_t *answer =
        json_loadb(natsMsg_GetData(reply), (size_t)natsMsg_GetDataLength(reply), 0, NULL);
    if (!answer)
        return err_set(err, ERR_RETRY, "%s: not JSON", subject);
    *ret_answer = answer;
    return true;
}

/* Equal in all that we ask for; what the server adds by itself is its business. */
static bool satisfied(const json_t *wanted, const json_t *found)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)wanted, key, value)
    {
        const json_t *other = json_object_get(found, key);
        if (!json_equal(value, other))
            return false;
    }
    return true;
}

static bool change(struct bus *bus, const struct wanted *wanted, const char *subject,
                   struct err *err)
{
    OWNED(json_t) *answer = NULL;
    OWNED(json_t) *request = wanted->wrapped
        ? json_pack("{s:s, s:O}", "stream_name", wanted->stream, "config", wanted->config)
        : json_incref(wanted->config);
    if (!call(bus, subject, request, &answer, err))
        return false;
    const json_t *error = json_object_get(answer, "error");
    if (error)
        return err_set(err, ERR_RETRY, "%s: %s", wanted->name,
                       json_string_value(json_object_get(error, "description")));
    return true;
}

static bool reconcile_one(struct bus *bus, const struct wanted *wanted, int *changes,
                          struct err *err)
{
    OWNED(json_t) *answer = NULL;
    if (!call(bus, wanted->info, NULL, &answer, err))
        return false;
    int code = error_code(answer);
    if (code != 0 && code != not_found_stream && code != not_found_consumer)
        return err_set(err, ERR_RETRY, "%s: error %d", wanted->name, code);
    if (code == 0 && satisfied(wanted->config, json_object_get(answer, "config")))
        return true;
    if (!change(bus, wanted, code == 0 ? wanted->update : wanted->create, err))
        return false;
    (*changes)++;
    return true;
}

static void want_stream(const struct fleet_stream *stream, int replicas, struct wanted *wanted)
{
    *wanted = (struct wanted){.name = stream->name, .stream = stream->name};
    snprintf(wanted->info, sizeof wanted->info, "$JS.API.STREAM.INFO.%s", stream->name);
    snprintf(wanted->create, sizeof wanted->create, "$JS.API.STREAM.CREATE.%s", stream->name);
    snprintf(wanted->update, sizeof wanted->update, "$JS.API.STREAM.UPDATE.%s", stream->name);
    wanted->config =
        json_pack("{s:s, s:[s], s:s, s:s, s:I, s:I, s:I, s:s, s:i}", "name", stream->name,
                  "subjects", stream->subjects, "retention", stream->retention, "storage", "file",
                  "max_age", (json_int_t)stream->max_age_hours * 3600 * second_ns, "max_bytes",
                  (json_int_t)stream->max_bytes, "duplicate_window", duplicate_window_s * second_ns,
                  "discard", "old", "num_replicas", replicas);
}

static void want_consumer(const struct fleet_stream *stream, const char *durable,
                          const char *filter, struct wanted *wanted)
{
    *wanted = (struct wanted){.name = durable, .stream = stream->name, .wrapped = true};
    snprintf(wanted->info, sizeof wanted->info, "$JS.API.CONSUMER.INFO.%s.%s", stream->name,
             durable);
    snprintf(wanted->create, sizeof wanted->create, "$JS.API.CONSUMER.DURABLE.CREATE.%s.%s",
             stream->name, durable);
    memcpy(wanted->update, wanted->create, sizeof wanted->update);
    wanted->config = json_pack("{s:s, s:s, s:s, s:s, s:I, s:i, s:I, s:s}", "durable_name", durable,
                               "filter_subject", filter, "deliver_policy", "all", "ack_policy",
                               "explicit", "ack_wait", ack_wait_s * second_ns, "max_deliver", -1,
                               "max_ack_pending", ack_pending_max, "replay_policy", "instant");
}

/* Adds what went wrong to err; true as long as it makes sense to go on. */
static bool reconcile(struct bus *bus, struct wanted *wanted, int *changes, struct err *err)
{
    struct err own = {0};
    bool ok = reconcile_one(bus, wanted, changes, &own);
    json_decref(wanted->config);
    if (!ok && err->kind == ERR_NONE)
        *err = own;
    else if (!ok)
        err_context(err, "%s", own.text);
    return ok || bus_alive(bus);
}

static bool reconcile_member(struct bus *bus, const struct fleet_member *member, int *changes,
                             struct err *err)
{
    for (size_t i = 0; i < FLEET_HEARS_MAX && member->hears[i]; i++) {
        struct wanted wanted;
        char durable[FLEET_DURABLE];
        const struct fleet_stream *stream = fleet_stream_of(member->hears[i]);
        if (!stream)
            return err_set(err, ERR_FATAL, "no stream has %s", member->hears[i]);
        fleet_durable(member->name, member->hears[i], durable);
        want_consumer(stream, durable, member->hears[i], &wanted);
        if (!reconcile(bus, &wanted, changes, err))
            return false;
    }
    return true;
}

bool topology_reconcile(struct bus *bus, int replicas, int *ret_changes, struct err *err)
{
    struct err failures = {0};
    int changes = 0;
    bool going = true;
    for (size_t i = 0; going && i < fleet_stream_count; i++) {
        struct wanted wanted;
        want_stream(&fleet_streams[i], replicas, &wanted);
        going = reconcile(bus, &wanted, &changes, &failures);
    }
    for (size_t i = 0; going && i < fleet_member_count; i++)
        going = reconcile_member(bus, &fleet_members[i], &changes, &failures);
    *ret_changes = changes;
    if (failures.kind == ERR_NONE)
        return true;
    *err = failures;
    return false;
}
