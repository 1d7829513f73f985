#include "bus_nats.h"

#include "backoff.h"
#include "clock.h"
#include "hash.h"
#include "mem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char wake_subject[] = "bus.wake";
static const int64_t connect_ms = 2000;
static const int64_t write_ms = 5000;
static const int64_t ping_ms = 5000;
static const int pings_out_max = 2;
static const int io_bytes = 64 * 1024;
static const int64_t flush_ms = 2000;
static const int64_t retry_base_ms = 100;
static const int64_t retry_max_ms = 5000;
static const int64_t ask_ms = 5000;

enum { subscriptions_max = 16 };

struct bus_ear {
    natsSubscription *subscription;
};

struct bus {
    struct bus_settings settings;
    natsConnection *connection;
    natsSubscription *subscription[subscriptions_max];
    size_t subscription_count;
    struct bus_ear ear[subscriptions_max]; /* by the subscription's index */
    uint64_t epoch;
    struct backoff backoff;
    struct err last; /* why the last try failed */
};

struct bus *bus_new(const struct bus_settings *settings)
{
    struct bus *bus = mem_new(sizeof *bus);
    bus->settings = *settings;
    return bus;
}

static void drop(struct bus *bus)
{
    if (!bus->connection)
        return;
    if (!natsConnection_IsClosed(bus->connection))
        (void)natsConnection_FlushTimeout(bus->connection, flush_ms); /* closing either way */
    natsConnection_Close(bus->connection);
    while (bus->subscription_count > 0)
        natsSubscription_Destroy(bus->subscription[--bus->subscription_count]);
    natsConnection_Destroy(bus->connection);
    bus->connection = NULL;
}

void bus_free(struct bus *bus)
{
    if (!bus)
        return;
    drop(bus);
    mem_free(bus);
    nats_ReleaseThreadMemory();
}

bool bus_status(natsStatus status, struct err *err, const char *what)
{
    if (status == NATS_OK)
        return true;
    return err_set(err, ERR_RETRY, "%s: %s", what, natsStatus_GetText(status));
}

static bool options_make(const struct bus_settings *settings, natsOptions **ret_options,
                         struct err *err)
{
    OWNED(natsOptions) *options = NULL;
    char prefix[BUS_INBOX];
    bool user = settings->user && settings->user[0];
    snprintf(prefix, sizeof prefix, "_INBOX.%s", settings->service);

    natsStatus status = natsOptions_Create(&options);
    if (status == NATS_OK)
        status = natsOptions_SetURL(options, settings->url);
    if (status == NATS_OK && user)
        status = natsOptions_SetUserInfo(options, settings->user, settings->password);
    if (status == NATS_OK)
        status = natsOptions_SetName(options, settings->service);
    if (status == NATS_OK)
        status = natsOptions_SetCustomInboxPrefix(options, prefix);
    if (status == NATS_OK)
        status = natsOptions_SetAllowReconnect(options, false);
    if (status == NATS_OK)
        status = natsOptions_SetTimeout(options, connect_ms);
    if (status == NATS_OK)
        status = natsOptions_SetWriteDeadline(options, write_ms);
    if (status == NATS_OK)
        status = natsOptions_SetPingInterval(options, ping_ms);
    if (status == NATS_OK)
        status = natsOptions_SetMaxPingsOut(options, pings_out_max);
    if (status == NATS_OK)
        status = natsOptions_SetIOBufSize(options, io_bytes);
    if (status == NATS_OK)
        status = natsOptions_UseGlobalMessageDelivery(options, true);
    if (!bus_status(status, err, "nats options"))
        return false;
    *ret_options = TAKE(options);
    return true;
}

static bool connect_now(struct bus *bus, struct err *err)
{
    OWNED(natsOptions) *options = NULL;
    if (!options_make(&bus->settings, &options, err))
        return false;
    if (!bus_status(natsConnection_Connect(&bus->connection, options), err, "connect to nats"))
        return false;
    bus->epoch++;
    return true;
}

bool bus_alive(const struct bus *bus)
{
    return bus->connection && !natsConnection_IsClosed(bus->connection);
}

bool bus_ready(struct bus *bus, struct err *err)
{
    if (bus_alive(bus))
        return true;
    int64_t now_ms = clock_boot_ms();
    drop(bus);
    if (now_ms < bus->backoff.due_ms) {
        *err = bus->last;
        return false;
    }
    if (connect_now(bus, &bus->last)) {
        backoff_worked(&bus->backoff);
        return true;
    }
    backoff_failed(&bus->backoff, retry_base_ms, retry_max_ms, now_ms);
    *err = bus->last;
    return false;
}

uint64_t bus_epoch(const struct bus *bus)
{
    return bus->epoch;
}

natsConnection *bus_connection(struct bus *bus)
{
    assert(bus->connection);
    return bus->connection;
}

void bus_inbox_name(const struct bus *bus, char name[static BUS_INBOX])
{
    uint8_t draw[8];
    char hex[2 * sizeof draw + 1];
    random_bytes(draw, sizeof draw);
    hex_encode(bytes_of(draw, sizeof draw), hex);
    snprintf(name, BUS_INBOX, "_INBOX.%s.%s", bus->settings.service, hex);
}

/* Success only: takes the subscription in. */
static void own(struct bus *bus, natsSubscription *subscription)
{
    assert(bus->subscription_count < subscriptions_max);
    bus->subscription[bus->subscription_count++] = subscription;
}

bool bus_subscribe(struct bus *bus, const char *subject, natsSubscription **ret_subscription,
                   struct err *err)
{
    natsSubscription *subscription = NULL;
    natsStatus status = natsConnection_SubscribeSync(&subscription, bus_connection(bus), subject);
    if (status == NATS_OK) {
        own(bus, subscription);
        status = natsSubscription_SetPendingLimits(subscription, -1, -1);
    }
    if (!bus_status(status, err, subject))
        return false;
    *ret_subscription = subscription;
    return true;
}

bool bus_subscribe_handler(struct bus *bus, const char *subject, natsMsgHandler handler, void *arg,
                           struct err *err)
{
    natsSubscription *subscription = NULL;
    natsStatus status =
        natsConnection_Subscribe(&subscription, bus_connection(bus), subject, handler, arg);
    if (status == NATS_OK)
        own(bus, subscription);
    return bus_status(status, err, subject);
}

bool bus_ask(struct bus *bus, const char *subject, const char *text, natsMsg **ret_answer,
             struct err *err)
{
    return bus_status(
        natsConnection_RequestString(ret_answer, bus_connection(bus), subject, text, ask_ms), err,
        subject);
}

static void hint(struct bus *bus, const char *text)
{
    if (bus_alive(bus)) /* lost hints cost only time: the relay polls */
        (void)natsConnection_PublishString(bus->connection, wake_subject, text);
}

void bus_wake(struct bus *bus)
{
    hint(bus, "");
}

void bus_wake_for_topology(struct bus *bus)
{
    hint(bus, "topology");
}

static struct bus_ear *newest_ear(struct bus *bus)
{
    struct bus_ear *ear = &bus->ear[bus->subscription_count - 1];
    ear->subscription = bus->subscription[bus->subscription_count - 1];
    return ear;
}

bool bus_listen(struct bus *bus, const char *subject, struct bus_ear **ret_ear, struct err *err)
{
    natsSubscription *subscription = NULL;
    if (!bus_subscribe(bus, subject, &subscription, err))
        return false;
    *ret_ear = newest_ear(bus);
    return true;
}

bool bus_listen_in_queue(struct bus *bus, const char *subject, const char *queue, int pending_max,
                         int pending_bytes_max, struct bus_ear **ret_ear, struct err *err)
{
    natsSubscription *subscription = NULL;
    natsStatus status =
        natsConnection_QueueSubscribeSync(&subscription, bus_connection(bus), subject, queue);
    if (status == NATS_OK) {
        own(bus, subscription);
        status = natsSubscription_SetPendingLimits(subscription, pending_max, pending_bytes_max);
    }
    if (!bus_status(status, err, subject))
        return false;
    *ret_ear = newest_ear(bus);
    return true;
}

natsMsg *bus_hear_message(struct bus_ear *ear, int64_t wait_ms)
{
    natsMsg *message = NULL;
    return natsSubscription_NextMsg(&message, ear->subscription, wait_ms) == NATS_OK ? message
                                                                                     : NULL;
}

bool bus_hear(struct bus_ear *ear, int64_t wait_ms, struct buffer *ret_body)
{
    OWNED(natsMsg) *message = bus_hear_message(ear, wait_ms);
    if (!message)
        return false;
    if (ret_body) {
        buffer_clear(ret_body);
        buffer_add(ret_body, natsMsg_GetData(message), (size_t)natsMsg_GetDataLength(message));
    }
    return true;
}
