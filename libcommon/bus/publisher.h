/* publisher: puts messages into JetStream, many at once, and tells whether they arrived.
 *
 * js_PublishMsgAsync underneath: its answers are taken on nats.c's delivery thread, which costs
 * 5 µs a message where a subscription of our own, read by the publishing thread, cost 8. */
#pragma once

#include "bus.h"

struct publisher;

struct publication {
    const char *subject;
    const char *id;          /* Nats-Msg-Id */
    const char *traceparent; /* or NULL */
    const char *time;        /* RFC 3339 */
    struct bytes body;
};

/* Lives as long as the process: nats.c's thread may still hold an answer for it. */
struct publisher *publisher_new(void);
/* To a new connection; what was on its way on the old one is forgotten. */
bool publisher_attach(struct publisher *publisher, struct bus *bus, struct err *err) MUST_CHECK;

bool publisher_send(struct publisher *publisher, const struct publication *publication,
                    struct err *err) MUST_CHECK;
/* True: all that was sent since the last wait is stored (or was already, by its id). Otherwise
 * publisher_send_one finds out which. */
bool publisher_wait(struct publisher *publisher, int64_t wait_ms, struct err *err) MUST_CHECK;
/* Sends this one and waits for its answer. */
bool publisher_send_one(struct publisher *publisher, const struct publication *publication,
                        struct err *err) MUST_CHECK;
