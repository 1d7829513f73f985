/* slack: Slack's Web API over one workspace whose messages are kept for tests to read, and the
 * signed clicks people make on them. */
#pragma once

#include "faults.h"
#include "request.h"

#include <jansson.h>

struct slack_message {
    int64_t ts_micros; /* unique; "1763730000.000100" on the wire */
    const char *channel;
    const char *only_for; /* ephemeral: the one who sees it, else "" */
    json_t *body;         /* text, blocks, ts, ...; NULL once deleted */
};

/* One click: what its response_url and trigger_id lead back to. */
struct slack_click {
    int64_t at_micros;
    int64_t ts_micros; /* the message */
    const char *user;  /* who clicked */
    int responses;
    bool trigger_used;
};

struct slack {
    struct faults faults;
    const char *token, *signing_secret, *public_url; /* borrowed */
    struct arena *texts;
    struct slack_message *messages; /* in the order of ts */
    size_t message_count, message_capacity;
    struct slack_click *clicks;
    size_t click_count, click_capacity;
    json_t *views;
    int64_t last_ts_micros;
    uint64_t requests;
    int64_t *full_at_micros; /* per channel: when its bucket of posts is full again */
};

void slack_open(struct slack *slack, uint64_t seed);
void slack_close(struct slack *slack);

/* "/api/..." and "/slack/response/..." */
bool slack_owns_path(const char *path);
void slack_answer(struct slack *slack, const struct request *request, struct reply *reply);

/* Channels and users by id, or a channel by "#name"; NULL: there is none. */
const char *slack_channel_id(const char *name);
json_t *slack_user_json(const char *id); /* new; NULL: there is none */
struct slack_message *slack_find_message(struct slack *slack, const char *channel, const char *ts);
struct slack_message *slack_message_at(struct slack *slack, int64_t ts_micros);
/* The bucket of a channel; NULL for direct messages, which have none. */
int64_t *slack_channel_bucket(struct slack *slack, const char *channel);
struct slack_message *slack_add_message(struct slack *slack, const char *channel,
                                        const char *only_for, json_t *body, int64_t now_micros);
struct slack_click *slack_add_click(struct slack *slack, int64_t ts_micros, const char *user,
                                    int64_t now_micros, size_t *ret_number);
/* Messages after that many, as an array; deleted ones are null bodies. */
void slack_write_messages(const struct slack *slack, size_t after, size_t limit,
                          struct buffer *out);
