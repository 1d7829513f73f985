/* card: what people see in Slack, as the JSON of its Web API. Pure.
 *
 * Every text of others goes through mrkdwn_add; lengths keep to Slack's limits by construction. */
#pragma once

#include "hash.h"
#include "uuid.h"

/* Texts are NULL where there is none. */
struct card {
    struct uuid saga, request;
    struct hash content;
    int32_t version;
    const char *state, *kind, *mode;
    const char *headline, *note, *proposer;
    const char *reason;    /* said with the step that led to this state */
    const char *accounts;  /* "google/1234567890, …" */
    const char *checks;    /* verdicts, a line each */
    const char *decisions; /* a line each; our own words, with Slack's mentions */
    int32_t quorum, approvals;
    int64_t expires_micros;
};

/* Where a message goes: a new one has no ts. public_url is the dashboard's address. */
struct card_place {
    const char *channel, *ts, *public_url;
};

/* Waits for people: has buttons. */
bool card_is_live(const char *state);
/* Nothing can follow. */
bool card_is_final(const char *state);

/* Bodies of chat.postMessage and chat.update. */
void card_write(const struct card *card, const struct card_place *place, struct buffer *ret_body);
/* count 0: nothing waits any more. */
void card_write_digest(int64_t count, const struct card_place *place, struct buffer *ret_body);
/* Body for a response_url: takes the buttons away while a click is worked on. */
void card_write_working(const char *slack_user, struct buffer *ret_body);
/* Body of views.open: asks why. What it sends back is the signed rejection. */
void card_write_reason_view(const char *trigger_id, const struct uuid *saga,
                            const struct hash *content, struct buffer *ret_body);

/* A decision in somebody's name, told to them alone. */
struct notice {
    int64_t decision;
    struct uuid saga;
    const char *slack_user, *headline;
    const char *verdict, *surface; /* as the ledger has them */
    int64_t at_micros;
};
/* Body of chat.postMessage to that person, with the button "Not me". */
void card_write_notice(const struct notice *notice, struct buffer *ret_body);
/* Body for its response_url: what became of that takes its place. */
void card_write_outcome(const char *sentence, struct buffer *ret_body);

/* What a person who was refused must know: the database's sentence, and what helps. */
void card_refusal(const char *sentence, const char *public_url, struct buffer *ret_text);
/* The same only for them: for a response_url, or (channel and user given) chat.postEphemeral. */
void card_write_whisper(const char *text, const char *channel, const char *user,
                        struct buffer *ret_body);

/* How a channel's room is used: cards to post now, and how many the digest stands for. */
void card_share_room(int64_t live, int64_t waiting, int64_t cards_max, int64_t *ret_post,
                     int64_t *ret_digest);
