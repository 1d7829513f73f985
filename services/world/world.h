/* world: the simulated platforms as one state and one way in: a request, a reply.
 *
 * Pure: time arrives with the request, randomness comes from the seed. It links nothing of the
 * system's own platform code: an oracle must not share its subject's bugs. */
#pragma once

#include "account.h"
#include "faults.h"
#include "ledger.h"
#include "oauth.h"
#include "request.h"
#include "slack.h"

/* Texts are borrowed for the world's life. */
struct world_settings {
    int64_t seed;
    int64_t extra_budgets;  /* each with a campaign of its own */
    const char *public_url; /* "http://127.0.0.1:4690": what response_urls begin with */
    const char *google_client_id, *google_client_secret, *google_refresh_token;
    const char *slack_token, *slack_signing_secret;
};

struct world {
    struct world_settings settings;
    struct account *account;
    struct ledger ledger;
    struct faults google_faults;
    struct oauth oauth;
    struct slack slack;
    uint64_t requests;
};

void world_open(struct world *world, const struct world_settings *settings);
void world_close(struct world *world);
/* As just opened; the secrets stay. */
void world_reset(struct world *world, int64_t seed, int64_t extra_budgets);

/* Always fills the reply. */
void world_answer(struct world *world, const struct request *request, struct reply *reply);
