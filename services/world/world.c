#include "world.h"

#include "google_ads.h"
#include "seed.h"
#include "world_control.h"

#include <string.h>

static void begin(struct world *world)
{
    const struct world_settings *settings = &world->settings;
    uint64_t seed = (uint64_t)settings->seed;
    world->account = seed_account(seed, settings->extra_budgets);
    faults_init(&world->google_faults, seed);
    world->oauth = (struct oauth){
        .client_id = settings->google_client_id,
        .client_secret = settings->google_client_secret,
        .refresh_token = settings->google_refresh_token,
        .user_email = "aelp2@demo.example",
    };
    world->slack = (struct slack){
        .token = settings->slack_token,
        .signing_secret = settings->slack_signing_secret,
        .public_url = settings->public_url,
    };
    slack_open(&world->slack, seed);
}

void world_open(struct world *world, const struct world_settings *settings)
{
    *world = (struct world){.settings = *settings};
    begin(world);
}

void world_close(struct world *world)
{
    account_free(world->account);
    ledger_done(&world->ledger);
    slack_close(&world->slack);
}

void world_reset(struct world *world, int64_t seed, int64_t extra_budgets)
{
    uint64_t requests = world->requests; /* request ids stay unique */
    world->settings.seed = seed;
    world->settings.extra_budgets = extra_budgets;
    world_close(world);
    *world = (struct world){.settings = world->settings, .requests = requests};
    begin(world);
}

static bool is_health(const char *path)
{
    return strcmp(path, "/livez") == 0 || strcmp(path, "/readyz") == 0;
}

void world_answer(struct world *world, const struct request *request, struct reply *reply)
{
    *reply = (struct reply){0};
    world->requests++;
    if (is_health(request->path)) {
        reply->status = 200;
        reply->type = "text/plain; charset=utf-8";
        buffer_add_text(&reply->body, "ok\n");
    } else if (strcmp(request->path, "/token") == 0) {
        oauth_answer(&world->oauth, request, world->google_faults.token_ttl_s, reply);
    } else if (google_owns_path(request->path)) {
        google_answer(world, request, reply);
    } else if (slack_owns_path(request->path)) {
        slack_answer(&world->slack, request, reply);
    } else if (control_owns_path(request->path)) {
        control_answer(world, request, reply);
    } else {
        reply->status = 404;
        reply->type = "application/json";
        buffer_add_text(&reply->body, "{\"error\":\"no such path\"}");
    }
}
