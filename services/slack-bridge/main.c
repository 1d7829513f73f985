/* slack-bridge: asks people in Slack, and hands their signed clicks to saga.decide. */
#include "slack_bridge.h"

#define FIELD(field) offsetof(struct config, field)

static const struct setting settings[] = {
    {"SLACK_URL",            SETTING_TEXT,   FIELD(slack_url),      "https://slack.com/api", 0, 0,     "Slack's Web API"                   },
    {"SLACK_BOT_TOKEN",      SETTING_SECRET, FIELD(bot_token),      "",                      0, 0,
     "of our app; without it the service idles"                                                                                            },
    {"SLACK_SIGNING_SECRET", SETTING_SECRET, FIELD(signing_secret), "",                      0, 0,
     "spares the database forged clicks; the database has its own copy and judges"                                                         },
    {"SLACK_CHANNEL",        SETTING_TEXT,   FIELD(channel),        "",                      0, 0,     "id of the channel to ask in (C…)"},
    {"SLACK_PORT",           SETTING_INT,    FIELD(slack_port),     "0",                     0, 65535,
     "of POST /slack/interactive; 0: off"                                                                                                  },
    {"SLACK_CARDS_MAX",      SETTING_INT,    FIELD(cards_max),      "10",                    1, 1000,
     "undecided cards in the channel; the rest is one digest"                                                                              },
    {"PUBLIC_URL",           SETTING_TEXT,   FIELD(public_url),     "http://127.0.0.1:7400", 0, 0,
     "the dashboard, for links"                                                                                                            },
    {"DATABASE_URL",         SETTING_SECRET, FIELD(database_url),   NULL,                    0, 0,     "as above"                          },
    {"FACE_ADDRESS",         SETTING_TEXT,   FIELD(face_address),   "127.0.0.1",             0, 0,     "as above"                          },
};

static const struct route routes[] = {
    {"saga.>", on_saga},
};

static const struct tick ticks[] = {
    {"reconcile", 5000,    on_reconcile},
    {"clean",     3600000, on_clean    },
};

int main(int argc, char **argv)
{
    static struct slack_bridge bridge = {
        .lease = {.name = "slack-bridge", .ttl_ms = LEASE_TTL_MS}
    };
    struct service service = {
        .name = "slack-bridge",
        .settings = settings,
        .setting_count = COUNT(settings),
        .config = &bridge.config,
        .routes = routes,
        .route_count = COUNT(routes),
        .ticks = ticks,
        .tick_count = COUNT(ticks),
        .run = on_round,
        .leave = on_leave,
        .runner_poll_ms = 500,
        .on_start = on_start,
        .state = &bridge,
    };
    return service_main(&service, argc, argv);
}
