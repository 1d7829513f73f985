/* world: the ad platforms and Slack as a simulation with their real wire formats, faults on
 * demand, and a ledger of all that was done to it. */
#include "clock.h"
#include "config.h"
#include "log.h"
#include "on_request.h"
#include "seed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct settings {
    int64_t port, seed, budgets;
    const char *address, *public_url;
    const char *google_client_id, *google_client_secret, *google_refresh_token;
    const char *slack_token, *slack_signing_secret;
};

#define FIELD(member) offsetof(struct settings, member)
static const struct setting table[] = {
    {"FACE_ADDRESS",         SETTING_TEXT,   FIELD(address),              "127.0.0.1",          0, 0,                "where to listen"                    },
    {"FACE_PORT",            SETTING_INT,    FIELD(port),                 "7490",               0, 65535,            "port; also --port"                  },
    {"WORLD_URL",            SETTING_TEXT,   FIELD(public_url),           "",                   0, 0,
     "how others reach it, for Slack's response_urls; empty: 127.0.0.1 and the port"                                                                      },
    {"WORLD_SEED",           SETTING_INT,    FIELD(seed),                 "1",                  0, INT64_MAX,        "of all randomness; also --seed"     },
    {"WORLD_BUDGETS",        SETTING_INT,    FIELD(budgets),              "0",                  0, SEED_BUDGETS_MAX,
     "that many more single-campaign budgets; also --budgets"                                                                                             },
    {"GOOGLE_CLIENT_ID",     SETTING_TEXT,   FIELD(google_client_id),     "demo-client",        0, 0,
     "the OAuth client that is let in"                                                                                                                    },
    {"GOOGLE_CLIENT_SECRET", SETTING_SECRET, FIELD(google_client_secret), "demo-client-secret", 0,
     0,                                                                                                              "its secret"                         },
    {"GOOGLE_REFRESH_TOKEN", SETTING_SECRET, FIELD(google_refresh_token), "demo-refresh-token", 0,
     0,                                                                                                              "what it exchanges for access tokens"},
    {"SLACK_TOKEN",          SETTING_SECRET, FIELD(slack_token),          "xoxb-demo-token",    0, 0,
     "the bot token that is let in"                                                                                                                       },
    {"SLACK_SIGNING_SECRET", SETTING_SECRET, FIELD(slack_signing_secret),
     "8f742231b10e8888abcd99yyyzzz85a5",                                                        0, 0,                "signs the clicks it sends"          },
};

/* --port N, --seed N and --budgets N are settings by another name. */
static bool read_arguments(int argc, char **argv, struct err *err)
{
    static const struct {
        const char *flag, *setting;
    } flags[] = {
        {"--port",    "FACE_PORT"    },
        {"--seed",    "WORLD_SEED"   },
        {"--budgets", "WORLD_BUDGETS"}
    };
    for (int i = 1; i < argc; i += 2) {
        size_t flag = 0;
        while (flag < COUNT(flags) && strcmp(argv[i], flags[flag].flag) != 0)
            flag++;
        if (flag == COUNT(flags) || i + 1 == argc)
            return err_set(err, ERR_FATAL, "%s: unknown, or without its value; see --help",
                           argv[i]);
        setenv(flags[flag].setting, argv[i + 1], 1);
    }
    return true;
}

static void on_signal(uv_signal_t *signal, int number)
{
    struct door *door = signal->data;
    log_info("stopping", LOG_INT("signal", number));
    uv_close((uv_handle_t *)&door->terminate, NULL);
    uv_close((uv_handle_t *)&door->interrupt, NULL);
    door_stop(door);
}

static void watch(struct door *door, uv_signal_t *signal, int number)
{
    uv_signal_init(door->loop, signal);
    signal->data = door;
    uv_signal_start(signal, on_signal, number);
}

static bool serve(const struct settings *settings, struct err *err)
{
    char url[64] = ""; /* filled in when the port is known */
    uv_loop_t loop;
    struct door door;
    const struct world_settings world = {
        .seed = (uint64_t)settings->seed,
        .extra_budgets = settings->budgets,
        .public_url = settings->public_url[0] ? settings->public_url : url,
        .google_client_id = settings->google_client_id,
        .google_client_secret = settings->google_client_secret,
        .google_refresh_token = settings->google_refresh_token,
        .slack_token = settings->slack_token,
        .slack_signing_secret = settings->slack_signing_secret,
    };
    uv_loop_init(&loop);
    bool ok = door_open(&door, &loop, settings->address, (int)settings->port, &world, err);
    if (ok) {
        int port = http_server_port(door.server);
        snprintf(url, sizeof url, "http://127.0.0.1:%d", port);
        watch(&door, &door.terminate, SIGTERM);
        watch(&door, &door.interrupt, SIGINT);
        log_info("started", LOG_INT("port", port), LOG_INT("seed", settings->seed),
                 LOG_INT("budgets", (int64_t)door.world.account->budget_count));
        uv_run(&loop, UV_RUN_DEFAULT);
        door_done(&door);
    }
    uv_loop_close(&loop);
    return ok;
}

int main(int argc, char **argv)
{
    struct settings settings = {0};
    struct err err = {0};
    log_open("world");
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        config_print_help(table, COUNT(table));
        return 0;
    }
    bool ok = read_arguments(argc, argv, &err) && config_load(table, COUNT(table), &settings, &err)
        && serve(&settings, &err);
    if (!ok)
        log_error("failed", LOG_TEXT("error", err.text));
    return ok ? 0 : 1;
}
