#include "inbox.h"

#include "ack.h"
#include "bus_nats.h"
#include "clock.h"
#include "mem.h"
#include "pull.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The server redelivers after ack_wait; what lay here nearly as long is left to it. */
static const int64_t stale_ms = 25000;

/* A window of an array: taken from the front, added at the back. */
struct queue {
    struct delivery *item;
    size_t first, count, capacity;
};

struct line {
    struct inbox_route route;
    struct pull pull;
    struct queue queue[2]; /* by enum inbox_kind */
    int64_t paused_until_ms;
};

struct inbox {
    struct bus *bus;
    uint64_t epoch;
    natsSubscription *subscription; /* of that epoch */
    char name[BUS_INBOX];
    struct line line[INBOX_ROUTES_MAX];
    size_t count;
};

/* --- queue --------------------------------------------------------------------------------- */

static void queue_add(struct queue *queue, const struct delivery *delivery)
{
    if (queue->first + queue->count == queue->capacity && queue->first > 0) {
        memmove(queue->item, queue->item + queue->first, queue->count * sizeof *queue->item);
        queue->first = 0;
    }
    if (queue->count == queue->capacity) {
        queue->capacity = queue->capacity ? 2 * queue->capacity : 64;
        queue->item = mem_grow(queue->item, queue->capacity, sizeof *queue->item);
    }
    queue->item[queue->first + queue->count++] = *delivery;
}

static void queue_drop(struct queue *queue, size_t count)
{
    assert(count <= queue->count);
    for (size_t i = 0; i < count; i++)
        natsMsg_Destroy(queue->item[queue->first + i].raw);
    queue->first += count;
    queue->count -= count;
    if (queue->count == 0)
        queue->first = 0;
}

static void queue_drop_stale(struct queue *queue, int64_t now_ms)
{
    size_t stale = 0;
    while (stale < queue->count && now_ms - queue->item[queue->first + stale].arrived_ms > stale_ms)
        stale++;
    queue_drop(queue, stale);
}

static int64_t queued(const struct line *line)
{
    return (int64_t)(line->queue[INBOX_FRESH].count + line->queue[INBOX_AGAIN].count);
}

/* --- life ---------------------------------------------------------------------------------- */

bool inbox_open(struct bus *bus, const struct inbox_route routes[], size_t count,
                struct inbox **ret_inbox, struct err *err)
{
    char subject[BUS_INBOX + 2];
    assert(count <= INBOX_ROUTES_MAX);
    struct inbox *inbox = mem_new(sizeof *inbox);
    inbox->bus = bus;
    inbox->epoch = bus_epoch(bus);
    inbox->count = count;
    for (size_t i = 0; i < count; i++)
        inbox->line[i].route = routes[i];
    bus_inbox_name(bus, inbox->name);
    snprintf(subject, sizeof subject, "%s.*", inbox->name);
    if (!bus_subscribe(bus, subject, &inbox->subscription, err)) {
        inbox_close(inbox);
        return false;
    }
    *ret_inbox = inbox;
    return true;
}

void inbox_close(struct inbox *inbox)
{
    if (!inbox)
        return;
    for (size_t i = 0; i < inbox->count; i++)
        for (size_t kind = 0; kind < 2; kind++) {
            struct queue *queue = &inbox->line[i].queue[kind];
            queue_drop(queue, queue->count);
            mem_free(queue->item);
        }
    mem_free(inbox);
}

/* --- asking -------------------------------------------------------------------------------- */

static bool ask(struct inbox *inbox, size_t at, int64_t count)
{
    const struct line *line = &inbox->line[at];
    char subject[256], reply[BUS_INBOX + 4], text[128];
    snprintf(subject, sizeof subject, "$JS.API.CONSUMER.MSG.NEXT.%s.%s", line->route.stream,
             line->route.durable);
    snprintf(reply, sizeof reply, "%s.%zu", inbox->name, at);
    if (line->pull.seen)
        snprintf(text, sizeof text, "{\"batch\":%lld,\"expires\":%lld,\"idle_heartbeat\":%lld}",
                 (long long)count, PULL_EXPIRES_MS * 1000000LL, PULL_HEARTBEAT_MS * 1000000LL);
    else
        snprintf(text, sizeof text, "{\"batch\":%lld,\"no_wait\":true}", (long long)count);
    return natsConnection_PublishRequestString(bus_connection(inbox->bus), subject, reply, text)
        == NATS_OK;
}

static bool ask_where_due(struct inbox *inbox, int64_t now_ms)
{
    for (size_t i = 0; i < inbox->count; i++) {
        struct line *line = &inbox->line[i];
        pull_watch(&line->pull, now_ms);
        int64_t want = pull_want(&line->pull, queued(line), now_ms);
        if (want == 0 || now_ms < line->paused_until_ms)
            continue;
        if (!ask(inbox, i, want))
            return false;
        pull_asked(&line->pull, want, now_ms);
    }
    return true;
}

/* --- receiving ----------------------------------------------------------------------------- */

static const char *header(natsMsg *raw, const char *name)
{
    const char *value = NULL;
    return natsMsgHeader_Get(raw, name, &value) == NATS_OK && value ? value : "";
}

static struct line *line_of_consumer(struct inbox *inbox, const struct ack *ack)
{
    for (size_t i = 0; i < inbox->count; i++)
        if (ack_is_from(ack, inbox->line[i].route.durable))
            return &inbox->line[i];
    return NULL;
}

static void receive_message(struct inbox *inbox, natsMsg **raw, const struct ack *ack,
                            int64_t now_ms)
{
    struct line *line = line_of_consumer(inbox, ack);
    if (!line)
        return;
    pull_message(&line->pull, now_ms);
    struct delivery delivery = {
        .message =
            {
                      .subject = natsMsg_GetSubject(*raw),
                      .id = header(*raw, "Nats-Msg-Id"),
                      .traceparent = header(*raw, "traceparent"),
                      .body = bytes_of(natsMsg_GetData(*raw), (size_t)natsMsg_GetDataLength(*raw)),
                      .sequence = ack->sequence,
                      .deliveries = ack->deliveries,
                      },
        .arrived_ms = now_ms,
        .raw = TAKE(*raw),
    };
    queue_add(&line->queue[ack->deliveries > 1 ? INBOX_AGAIN : INBOX_FRESH], &delivery);
}

static void receive_status(struct inbox *inbox, natsMsg *raw, int64_t now_ms)
{
    const char *subject = natsMsg_GetSubject(raw);
    size_t prefix = strlen(inbox->name);
    int status = (int)strtol(header(raw, "Status"), NULL, 10);
    if (strncmp(subject, inbox->name, prefix) != 0 || subject[prefix] != '.' || status == 0)
        return;
    size_t at = strtoul(subject + prefix + 1, NULL, 10);
    const char *lapsed = header(raw, "Nats-Pending-Messages");
    if (at < inbox->count)
        pull_said(&inbox->line[at].pull, status, lapsed[0] ? strtoll(lapsed, NULL, 10) : -1,
                  now_ms);
}

static void receive(struct inbox *inbox, natsMsg *taken, int64_t now_ms)
{
    OWNED(natsMsg) *raw = taken;
    struct ack ack;
    const char *reply = natsMsg_GetReply(raw);
    if (reply && ack_parse(reply, &ack))
        receive_message(inbox, &raw, &ack, now_ms);
    else
        receive_status(inbox, raw, now_ms);
}

/* nats.c hides whose request found no responder. */
static void receive_refusal(struct inbox *inbox, int64_t now_ms)
{
    for (size_t i = 0; i < inbox->count; i++)
        if (pull_may_be_refused(&inbox->line[i].pull, now_ms))
            pull_said(&inbox->line[i].pull, PULL_NO_RESPONDERS, -1, now_ms);
}

bool inbox_fill(struct inbox *inbox, int64_t wait_ms)
{
    int64_t now_ms = clock_boot_ms();
    assert(inbox->epoch == bus_epoch(inbox->bus));
    for (size_t i = 0; i < inbox->count; i++)
        for (size_t kind = 0; kind < 2; kind++)
            queue_drop_stale(&inbox->line[i].queue[kind], now_ms);
    if (!ask_where_due(inbox, now_ms))
        return false;
    for (;;) {
        natsMsg *raw = NULL;
        natsStatus status = natsSubscription_NextMsg(&raw, inbox->subscription, wait_ms);
        if (wait_ms > 0)
            now_ms = clock_boot_ms();
        wait_ms = 0;
        if (status == NATS_OK)
            receive(inbox, raw, now_ms);
        else if (status == NATS_NO_RESPONDERS)
            receive_refusal(inbox, now_ms);
        else if (status != NATS_TIMEOUT)
            return false;
        else
            return ask_where_due(inbox, now_ms); /* the next ones arrive while these are handled */
    }
}

void inbox_pause(struct inbox *inbox, size_t route, int64_t until_ms)
{
    inbox->line[route].paused_until_ms = until_ms;
}

const char *inbox_missing(const struct inbox *inbox)
{
    for (size_t i = 0; i < inbox->count; i++)
        if (!inbox->line[i].pull.seen)
            return inbox->line[i].route.durable;
    return NULL;
}

/* --- handing out and settling -------------------------------------------------------------- */

size_t inbox_take(struct inbox *inbox, size_t route, enum inbox_kind kind, size_t max,
                  struct delivery **ret_deliveries)
{
    struct queue *queue = &inbox->line[route].queue[kind];
    size_t count = 0, bytes = 0;
    if (queue->count == 0)
        return 0;
    *ret_deliveries = queue->item + queue->first;
    while (count < queue->count && count < max && (count == 0 || bytes < INBOX_BATCH_BYTES))
        bytes += (*ret_deliveries)[count++].message.body.length;
    return count;
}

void inbox_done(struct inbox *inbox, size_t route, enum inbox_kind kind, size_t count)
{
    queue_drop(&inbox->line[route].queue[kind], count);
}

static void answer(struct inbox *inbox, const struct delivery *delivery, const char *text)
{
    if (bus_alive(inbox->bus)) /* a lost answer means redelivery, which is harmless */
        (void)natsConnection_PublishString(bus_connection(inbox->bus),
                                           natsMsg_GetReply(delivery->raw), text);
}

void inbox_ack(struct inbox *inbox, const struct delivery deliveries[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        answer(inbox, &deliveries[i], "");
}

void inbox_nak(struct inbox *inbox, const struct delivery deliveries[], size_t count,
               int64_t delay_ms)
{
    char text[64];
    snprintf(text, sizeof text, "-NAK {\"delay\": %lld}", (long long)delay_ms * 1000000);
    for (size_t i = 0; i < count; i++)
        answer(inbox, &deliveries[i], text);
}

void inbox_term(struct inbox *inbox, const struct delivery *delivery)
{
    answer(inbox, delivery, "+TERM");
}

void inbox_headers(const struct delivery *delivery, struct buffer *json)
{
    const char **names = NULL;
    int count = 0;
    json_t *object = json_object();
    if (natsMsgHeader_Keys(delivery->raw, &names, &count) == NATS_OK) {
        for (int i = 0; i < count; i++)
            json_object_set_new(object, names[i], json_string(header(delivery->raw, names[i])));
        mem_free((void *)names); /* nats.c leaves the array to us */
    }
    char *text = json_dumps(object, JSON_COMPACT);
    buffer_clear(json);
    buffer_add_text(json, text ? text : "{}");
    mem_free(text);
    json_decref(object);
}
