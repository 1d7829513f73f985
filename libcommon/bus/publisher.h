/* publisher: puts messages into JetStream and tells which arrived.
 *
 * Plain publishes with a reply subject of our own, numbered; the server's answers come back on one
 * subscription. Half the machine time of js_PublishAsync, which keeps a map, a thread and a JSON
 * tree for each answer (measured, docs/adr/0004-raw-pull.md). */
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

bool publisher_open(struct bus *bus, struct publisher **ret_publisher, struct err *err) MUST_CHECK;
void publisher_close(struct publisher *publisher);

/* Numbers count up from 1. */
bool publisher_send(struct publisher *publisher, const struct publication *publication,
                    uint64_t *ret_number, struct err *err) MUST_CHECK;

struct publisher_answer {
    uint64_t number; /* 0: nobody keeps this subject, and the server did not say whose it was */
    bool stored;     /* on disk or known by its id, both good */
    char reason[160];
};

/* False: none came within wait_ms, or the connection broke. */
bool publisher_next(struct publisher *publisher, int64_t wait_ms,
                    struct publisher_answer *ret_answer);
/* Pure: {"stream":"SAGA","seq":1} or {"error":{...},...}. */
void publisher_read(struct bytes text, struct publisher_answer *ret_answer);
