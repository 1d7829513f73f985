#include "world.h"

#include "google_ads.h"
#include "seed.h"
#include "world_control.h"

#include <string.h>

static bool begin_account(struct world *world, int64_t server_micros, struct err *err)
{
    const struct world_settings *settings = &world->settings;
    struct stage_settings stage = {
        .preset = settings->preset,
        .seed = settings->seed,
        .history_days = settings->history_days,
        .start_date = settings->start_date,
    };
    world->staged = settings->preset[0] != '\0';
    if (!world->staged)
        world->account = seed_account();
    else if (!stage_open(&stage, server_micros, &world->stage, &world->account, err))
        return err_context(err, "preset %s", settings->preset);
    seed_add_budgets(world->account, (uint64_t)settings->seed, settings->extra_budgets);
    return true;
}

bool world_open(struct world *world, const struct world_settings *settings, int64_t server_micros,
                struct err *err)
{
    uint64_t seed = (uint64_t)settings->seed;
    *world = (struct world){.settings = *settings};
    if (!begin_account(world, server_micros, err))
        return false;
    world->settings.preset = world->preset = mem_text(settings->preset);
    world->settings.start_date = world->start_date = mem_text(settings->start_date);
    faults_init(&world->google_faults, seed);
    world->oauth = (struct oauth){
        .client_id = settings->google_client_id,
        .client_secret = settings->google_client_secret,
        .refresh_token = settings->google_refresh_token,
        .user_email = "aelp2@demo.example",
    };
    world->ga4 = (struct ga4){.property = settings->ga4_property};
    faults_init(&world->ga4.gate.faults, seed);
    world->shop = (struct shop){
        .token = settings->shop_token,
        .stripe_key = settings->stripe_key,
    };
    faults_init(&world->shop.gate.faults, seed);
    world->slack = (struct slack){
        .token = settings->slack_token,
        .signing_secret = settings->slack_signing_secret,
        .public_url = settings->public_url,
    };
    slack_open(&world->slack, seed);
    return true;
}

void world_close(struct world *world)
{
    if (world->staged)
        stage_close(&world->stage);
    mem_free(world->preset);
    mem_free(world->start_date);
    account_free(world->account);
    ledger_done(&world->ledger);
    slack_close(&world->slack);
}

bool world_reset(struct world *world, const struct world_settings *settings, int64_t server_micros,
                 struct err *err)
{
    struct world fresh;
    if (!world_open(&fresh, settings, server_micros, err))
        return false;
    fresh.requests = world->requests; /* request ids stay unique */
    world_close(world);
    *world = fresh;
    return true;
}

int64_t world_now(const struct world *world, int64_t server_micros)
{
    return server_micros + (world->staged ? world->stage.skew_micros : 0);
}

static bool is_health(const char *path)
{
    return strcmp(path, "/livez") == 0 || strcmp(path, "/readyz") == 0;
}

void world_answer(struct world *world, const struct request *request, struct reply *reply)
{
    *reply = (struct reply){0};
    world->requests++;
    if (world->staged)
        stage_follow(&world->stage, world->account, world_now(world, request->now_micros));
    if (is_health(request->path)) {
        reply->status = 200;
        reply->type = "text/plain; charset=utf-8";
        buffer_add_text(&reply->body, "ok\n");
    } else if (strcmp(request->path, "/token") == 0) {
        oauth_answer(&world->oauth, request, world->google_faults.token_ttl_s, reply);
    } else if (ga4_owns_path(request->path)) {
        ga4_answer(world, request, reply);
    } else if (shop_owns_path(request->path)) {
        shop_answer(world, request, reply);
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
