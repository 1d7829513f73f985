/* requests: what others ask of this service over core NATS, and the answers.
 *
 * Read on the connection's own thread. Replicas share them by the queue group of the micro
 * protocol. What nobody has time for is dropped past a bound, and its asker's patience ends. */
#pragma once

#include "bus.h"

enum { REQUEST_SUBJECT = 128, REQUEST_BYTES_MAX = 64 * 1024, ANSWER_BYTES_MAX = 768 * 1024 };

struct request {
    char subject[REQUEST_SUBJECT];
    struct bytes body; /* until request_done */
    void *message;     /* ours; NULL: there is none */
};

/* Ends with the connection. */
bool requests_open(struct bus *bus, const char *filter, struct bus_ear **ret_ear,
                   struct err *err) MUST_CHECK;
/* False: nothing came within wait_ms, or the connection broke. What can't be answered, or is out of
 * bounds, was refused here. */
bool request_next(struct bus *bus, struct bus_ear *ear, int64_t wait_ms,
                  struct request *ret_request);
/* Lost when the connection breaks: whoever asked asks again. */
void request_answer(struct bus *bus, const struct request *request, struct bytes answer);
/* With the headers Nats-Service-Error and Nats-Service-Error-Code. */
void request_refuse(struct bus *bus, const struct request *request, int code, const char *why);
void request_done(struct request *request);
