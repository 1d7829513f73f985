/* inbox: where the messages of all a service's durable consumers arrive.
 *
 * One subscription for all of them, because a thread can wait on one. Raw pull requests instead of
 * nats.c's Fetch, which overflows its buffer in 3.4.1 (docs/adr/0005-raw-pull.md). Each consumer
 * has two queues: fresh messages, to be taken in batches, and redelivered ones, which may have
 * killed whoever had them and are taken by a caller who is prepared for that. */
#pragma once

#include "bus.h"
#include "message.h"

struct inbox;
struct __natsMsg; /* nats.c's natsMsg */

/* Owned by the inbox until settled. */
struct delivery {
    struct message message;
    struct __natsMsg *raw;
    int64_t arrived_ms;
};

enum { INBOX_ROUTES_MAX = 12, INBOX_BATCH_MAX = 512, INBOX_BATCH_BYTES = 1 << 20 };

struct inbox_route {
    const char *stream, *durable; /* borrowed for the inbox's life */
};

bool inbox_open(struct bus *bus, const struct inbox_route routes[], size_t count,
                struct inbox **ret_inbox, struct err *err) MUST_CHECK;
void inbox_close(struct inbox *inbox); /* unsettled messages come again */

/* On the connection it was opened on. Asks where it is time to, then takes in what is there; waits
 * at most wait_ms for the first. False: the connection broke. */
bool inbox_fill(struct inbox *inbox, int64_t wait_ms);
/* Nothing is asked for this route until then: its handler needs a pause. */
void inbox_pause(struct inbox *inbox, size_t route, int64_t until_ms);
/* The durable of some route that the server has not shown to be there, or NULL. */
const char *inbox_missing(const struct inbox *inbox);

enum inbox_kind { INBOX_FRESH, INBOX_AGAIN };

/* The oldest ones of a route, at most max and about INBOX_BATCH_BYTES; 0: none. They stay valid
 * until inbox_done of that kind, which must come before the next take. */
size_t inbox_take(struct inbox *inbox, size_t route, enum inbox_kind kind, size_t max,
                  struct delivery **ret_deliveries);
void inbox_done(struct inbox *inbox, size_t route, enum inbox_kind kind, size_t count);

/* What becomes of a delivery; losing one of these only means that it comes again. */
void inbox_ack(struct inbox *inbox, const struct delivery deliveries[], size_t count);
void inbox_nak(struct inbox *inbox, const struct delivery deliveries[], size_t count,
               int64_t delay_ms);
void inbox_term(struct inbox *inbox, const struct delivery *delivery);
/* All its headers as a JSON object, for bus.dead. */
void inbox_headers(const struct delivery *delivery, struct buffer *json);
