/* world: the simulated platforms as one state and one way in: a request, a reply.
 *
 * Pure: time arrives with the request, randomness comes from the seed. It links nothing of the
 * system's own platform code: an oracle must not share its subject's bugs. */
#pragma once

#include "account.h"
#include "faults.h"
#include "ga4.h"
#include "ledger.h"
#include "oauth.h"
#include "request.h"
#include "shop.h"
#include "slack.h"
#include "stage.h"

/* Texts are borrowed for the world's life, but for the two that a reset may change. */
struct world_settings {
    int64_t seed;
    int64_t extra_budgets;  /* each with a campaign of its own */
    const char *preset;     /* of the market behind the account; "": none */
    int64_t history_days;   /* of that market, before the first request */
    const char *start_date; /* "2026-01-31": when it begins; "": so that it ends now */
    const char *public_url; /* "http://127.0.0.1:4690": what response_urls begin with */
    const char *google_client_id, *google_client_secret, *google_refresh_token;
    const char *ga4_property;
    const char *shop_token, *stripe_key;
    const char *slack_token, *slack_signing_secret;
};

/* Operations at Google on one of the account's days. */
struct google_quota {
    int64_t day, operations, refused; /* refused: ever */
};

struct world {
    struct world_settings settings;
    char *preset, *start_date; /* its own */
    struct account *account;
    bool staged; /* there is a market */
    struct stage stage;
    struct ledger ledger;
    struct faults google_faults;
    struct google_quota google_quota;
    struct oauth oauth;
    struct ga4 ga4;
    struct shop shop;
    struct slack slack;
    uint64_t requests;
};

bool world_open(struct world *world, const struct world_settings *settings, int64_t server_micros,
                struct err *err) MUST_CHECK;
void world_close(struct world *world);
/* As just opened, with other settings. False: nothing has changed. */
bool world_reset(struct world *world, const struct world_settings *settings, int64_t server_micros,
                 struct err *err) MUST_CHECK;

/* The time at the platforms: the server's, and what the market was advanced by. */
int64_t world_now(const struct world *world, int64_t server_micros);

/* Always fills the reply. */
void world_answer(struct world *world, const struct request *request, struct reply *reply);
