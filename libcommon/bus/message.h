/* message: one delivery, as a handler sees it. Borrowed for the length of one handler call. */
#pragma once

#include "bytes.h"

#include <stdint.h>

struct message {
    const char *subject;
    const char *id;          /* Nats-Msg-Id, or "" */
    const char *traceparent; /* or "" */
    struct bytes body;
    uint64_t sequence;   /* in its stream */
    uint64_t deliveries; /* 1 = first */
};

struct batch {
    const struct message *message;
    size_t count;
};
