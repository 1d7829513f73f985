#include "micro.h"

#include "bus_nats.h"
#include "clock.h"
#include "mem.h"

#include <jansson.h>
#include <stdio.h>

static const struct {
    const char *word, *type;
} verbs[] = {
    [MICRO_PING] = {"PING",  "io.nats.micro.v1.ping_response" },
    [MICRO_INFO] = {"INFO",  "io.nats.micro.v1.info_response" },
    [MICRO_STATS] = {"STATS", "io.nats.micro.v1.stats_response"},
};

static json_t *endpoint_info(const struct micro_endpoint *endpoint)
{
    return json_pack("{s:s, s:s, s:s, s:{}}", "name", endpoint->name, "subject", endpoint->subject,
                     "queue_group", "q", "metadata");
}

static json_t *endpoint_stats(const struct micro_endpoint *endpoint)
{
    json_int_t requests = atomic_load(&endpoint->requests);
    json_int_t nanoseconds = atomic_load(&endpoint->nanoseconds);
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:s, s:I, s:I}", "name", endpoint->name, "subject",
                     endpoint->subject, "queue_group", "q", "num_requests", requests, "num_errors",
                     (json_int_t)atomic_load(&endpoint->errors), "last_error", "",
                     "processing_time", nanoseconds, "average_processing_time",
                     requests ? nanoseconds / requests : 0);
}

void micro_answer(const struct micro *micro, enum micro_verb verb, struct buffer *ret_json)
{
    char started[CLOCK_TEXT];
    json_t *answer = json_pack("{s:s, s:s, s:s, s:s, s:{}}", "type", verbs[verb].type, "name",
                               micro->name, "id", micro->id, "version", micro->version, "metadata");
    if (verb != MICRO_PING) {
        json_t *endpoints = json_array();
        for (size_t i = 0; i < micro->endpoint_count; i++)
            json_array_append_new(endpoints,
                                  verb == MICRO_INFO ? endpoint_info(&micro->endpoints[i])
                                                     : endpoint_stats(&micro->endpoints[i]));
        json_object_set_new(answer, "endpoints", endpoints);
    }
    if (verb == MICRO_INFO)
        json_object_set_new(answer, "description", json_string(micro->description));
    if (verb == MICRO_STATS) {
        clock_text(micro->started_micros, started);
        json_object_set_new(answer, "started", json_string(started));
    }
    char *text = json_dumps(answer, JSON_COMPACT);
    buffer_clear(ret_json);
    buffer_add_text(ret_json, text);
    mem_free(text);
    json_decref(answer);
}

static void answer(natsConnection *connection, natsMsg *request, const struct micro *micro,
                   enum micro_verb verb)
{
    struct buffer json = {0};
    const char *reply = natsMsg_GetReply(request);
    if (reply) {
        micro_answer(micro, verb, &json);
        (void)natsConnection_Publish(connection, reply, json.data, (int)json.length); /* or lost */
        buffer_done(&json);
    }
    natsMsg_Destroy(request);
}

static void on_ping(natsConnection *connection, natsSubscription *subscription, natsMsg *request,
                    void *micro)
{
    (void)subscription;
    answer(connection, request, micro, MICRO_PING);
}

static void on_info(natsConnection *connection, natsSubscription *subscription, natsMsg *request,
                    void *micro)
{
    (void)subscription;
    answer(connection, request, micro, MICRO_INFO);
}

static void on_stats(natsConnection *connection, natsSubscription *subscription, natsMsg *request,
                     void *micro)
{
    (void)subscription;
    answer(connection, request, micro, MICRO_STATS);
}

bool micro_serve(struct micro *micro, struct bus *bus, struct err *err)
{
    static const natsMsgHandler handlers[] = {on_ping, on_info, on_stats};
    for (size_t i = 0; i < COUNT(handlers); i++) {
        char all[64], named[160], own[192];
        snprintf(all, sizeof all, "$SRV.%s", verbs[i].word);
        snprintf(named, sizeof named, "%s.%s", all, micro->name);
        snprintf(own, sizeof own, "%s.%s", named, micro->id);
        if (!bus_subscribe_handler(bus, all, handlers[i], micro, err)
            || !bus_subscribe_handler(bus, named, handlers[i], micro, err)
            || !bus_subscribe_handler(bus, own, handlers[i], micro, err))
            return false;
    }
    return true;
}
