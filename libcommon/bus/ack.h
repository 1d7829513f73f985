/* ack: what a JetStream delivery's reply subject tells.
 *
 *     $JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>.<consumer sequence>.<ns>.<pending>
 *     $JS.ACK.<domain>.<account hash>.<stream>. ... .<pending>.<token>   (servers of 2.10 and
 * later)
 *
 * The subject a message arrives on is its stream's subject, so only this tells which consumer it
 * came from. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ack {
    const char *stream, *consumer; /* views into the reply, not terminated */
    size_t stream_length, consumer_length;
    uint64_t deliveries, sequence, consumer_sequence, pending;
};

/* False: not such a subject. */
bool ack_parse(const char *reply, struct ack *ret_ack);
bool ack_is_from(const struct ack *ack, const char *consumer);
