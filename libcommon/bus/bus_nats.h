/* bus_nats: what the files of this archive share of nats.c. No one else includes it. */
#pragma once

#include "bus.h"
#include "owned.h"

#include <nats/nats.h>

DEFINE_OWNED(natsMsg, natsMsg_Destroy)
DEFINE_OWNED(natsOptions, natsOptions_Destroy)

natsConnection *bus_connection(struct bus *bus); /* only while bus_alive */
bool bus_status(natsStatus status, struct err *err, const char *what);

/* A subject of this connection's own, to be answered on: _INBOX.<service>.<random> */
enum { BUS_INBOX = 160 };
void bus_inbox_name(const struct bus *bus, char name[static BUS_INBOX]);
/* Without nats.c's limits: what comes is bounded by what was asked for. The connection owns it. */
bool bus_subscribe(struct bus *bus, const char *subject, natsSubscription **ret_subscription,
                   struct err *err) MUST_CHECK;
/* The same, answered on nats.c's delivery thread. */
bool bus_subscribe_handler(struct bus *bus, const char *subject, natsMsgHandler handler, void *arg,
                           struct err *err) MUST_CHECK;
/* For requests.c: bounded, and shared with whoever else is in the queue group. */
bool bus_listen_in_queue(struct bus *bus, const char *subject, const char *queue, int pending_max,
                         int pending_bytes_max, struct bus_ear **ret_ear,
                         struct err *err) MUST_CHECK;
natsMsg *bus_hear_message(struct bus_ear *ear, int64_t wait_ms); /* NULL: none came */
/* A request whose answer is JSON text. */
bool bus_ask(struct bus *bus, const char *subject, const char *text, natsMsg **ret_answer,
             struct err *err) MUST_CHECK;
