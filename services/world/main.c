/* world: the ad platforms and Slack as a simulation with their real wire formats, faults on
 * demand, and a ledger of all that was done to it. */
#include "config.h"
#include "log.h"
#include "on_request.h"
#include "seed.h"

#include <string.h>

#define FIELD(field) offsetof(struct config, field)

static const struct setting settings[] = {
    {"FACE_ADDRESS",         SETTING_TEXT,   FIELD(address),                    "127.0.0.1",       0, 0,                 "where to listen"                    },
    {"FACE_PORT",            SETTING_INT,    FIELD(port),                       "7490",            0, 65535,             "0: any"                             },
    {"WORLD_URL",            SETTING_TEXT,   FIELD(world.public_url),           "",                0, 0,
     "how others reach it, for Slack's response_urls; empty: 127.0.0.1 and the port"                                                                          },
    {"WORLD_SEED",           SETTING_INT,    FIELD(world.seed),                 "1",               0, INT64_MAX,         "of all randomness"                  },
    {"WORLD_BUDGETS",        SETTING_INT,    FIELD(world.extra_budgets),        "0",               0, SEED_BUDGETS_MAX,
     "that many more single-campaign budgets"                                                                                                                 },
    {"WORLD_PRESET",         SETTING_TEXT,   FIELD(world.preset),               "",                0, 0,
     "the market behind the accounts: demo, quiet, drift, adversarial or tiny; empty: none"                                                                   },
    {"WORLD_HISTORY_DAYS",   SETTING_INT,    FIELD(world.history_days),         "120",             0, STAGE_HISTORY_MAX,
     "what of that market has happened at the start"                                                                                                          },
    {"WORLD_START_DATE",     SETTING_TEXT,   FIELD(world.start_date),           "",                0, 0,
     "the history's first day, 2026-01-31; empty: so that it ends now"                                                                                        },
    {"GOOGLE_CLIENT_ID",     SETTING_TEXT,   FIELD(world.google_client_id),     "demo-client",     0, 0,
     "the OAuth client that is let in"                                                                                                                        },
    {"GOOGLE_CLIENT_SECRET", SETTING_SECRET, FIELD(world.google_client_secret),
     "demo-client-secret",                                                                         0, 0,                 "its secret"                         },
    {"GOOGLE_REFRESH_TOKEN", SETTING_SECRET, FIELD(world.google_refresh_token),
     "demo-refresh-token",                                                                         0, 0,                 "what it exchanges for access tokens"},
    {"GA4_PROPERTY",         SETTING_TEXT,   FIELD(world.ga4_property),         "123",             0, 0,                 "the property GA4 has"               },
    {"SHOP_TOKEN",           SETTING_SECRET, FIELD(world.shop_token),           "shpat_demo",      0, 0,
     "what lets in to the shop's orders and its export"                                                                                                       },
    {"STRIPE_KEY",           SETTING_SECRET, FIELD(world.stripe_key),           "sk_test_demo",    0, 0,
     "what lets in to the shop's charges"                                                                                                                     },
    {"SLACK_TOKEN",          SETTING_SECRET, FIELD(world.slack_token),          "xoxb-demo-token", 0, 0,
     "the bot token that is let in"                                                                                                                           },
    {"SLACK_SIGNING_SECRET", SETTING_SECRET, FIELD(world.slack_signing_secret),
     "8f742231b10e8888abcd99yyyzzz85a5",                                                           0, 0,                 "signs the clicks it sends"          },
};

int main(int argc, char **argv)
{
    struct config config = {0};
    struct err err = {0};
    log_open("world");
    if (argc > 1) {
        config_print_help(settings, COUNT(settings));
        return strcmp(argv[1], "--help") == 0 ? 0 : 1;
    }
    bool ok = config_load(settings, COUNT(settings), &config, &err) && door_serve(&config, &err);
    if (!ok)
        log_error("failed", LOG_TEXT("error", err.text));
    return ok ? 0 : 1;
}
