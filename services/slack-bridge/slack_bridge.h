/* slack-bridge: the service's state and its handlers; see README.md for the whole. */
#pragma once

#include "lease.h"
#include "pace.h"
#include "service.h"
#include "web.h"

/* lease_hold leaves two thirds of it, which is longer than one web_run. */
enum { LEASE_TTL_MS = 4500 };
_Static_assert(LEASE_TTL_MS * 2 / 3 > WEB_TIMEOUT_MS,
               "another process may lead before we are done");

struct config {
    const char *slack_url, *bot_token, *signing_secret, *channel, *public_url;
    int64_t slack_port, cards_max;
    const char *database_url, *face_address; /* the frame's own, for the intake */
};

struct slack_bridge {
    struct config config;
    /* The runner's thread only. */
    struct lease lease;
    struct pace pace;
    struct web web;
};

/* Without a token nothing is asked and nothing is kept to be asked. */
bool bridge_is_on(const struct slack_bridge *bridge);
/* "https://slack.com/api/chat.update" */
const char *bridge_method(const struct slack_bridge *bridge, struct arena *arena,
                          const char *method);
/* What every answer of Slack teaches the pace. False: try later, nothing is to be recorded. */
bool bridge_heed(struct slack_bridge *bridge, const struct web_call *call);

handler_fn on_saga;
tick_fn on_reconcile, on_clean;
/* The runner's round, and its parts in their order; one process at a time does them. */
run_fn on_round, on_clicks, on_cards, on_digest, on_notices, on_answers;
void on_leave(struct work *work);
/* Clicks in that stage that are due, read; the arena's. */
struct click;
bool load_clicks(struct work *work, const char *stage, struct click **ret_clicks, size_t *ret_count,
                 struct err *err) MUST_CHECK;
/* The HTTP surface, on the face's loop. */
bool on_start(struct service *service, struct err *err);
