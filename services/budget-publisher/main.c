/* budget-publisher: applies approved budget changes at the platforms, and takes them back. */
#include "budget_publisher.h"

static struct budget_publisher publisher = {.lock = PTHREAD_MUTEX_INITIALIZER};

#define FIELD(member) offsetof(struct config, member)
static const struct setting settings[] = {
    {"AELP2_ALLOW_GOOGLE_MUTATIONS", SETTING_FLAG,   FIELD(allow_google_mutations),   "0",                                0,   0,
     "without it nothing is sent to Google: approved changes run as shadow"                                                                                            },
    {"GOOGLE_ADS_URL",               SETTING_TEXT,   FIELD(google_url),               "https://googleads.googleapis.com", 0,   0,
     "base of the Google Ads API"                                                                                                                                      },
    {"GOOGLE_OAUTH_URL",             SETTING_TEXT,   FIELD(google_token_url),         "https://oauth2.googleapis.com",    0,
     0,                                                                                                                               "base of Google's token endpoint"},
    {"GOOGLE_ADS_VERSION",           SETTING_TEXT,   FIELD(google_version),           "v25",                              0,   0,
     "of the Google Ads API"                                                                                                                                           },
    {"GOOGLE_CLIENT_ID",             SETTING_TEXT,   FIELD(google_client_id),         "",                                 0,   0,     "our OAuth client"               },
    {"GOOGLE_CLIENT_SECRET",         SETTING_SECRET, FIELD(google_client_secret),     "",                                 0,   0,     "its secret"                     },
    {"GOOGLE_REFRESH_TOKEN",         SETTING_SECRET, FIELD(google_refresh_token),     "",                                 0,   0,
     "what is exchanged for access tokens"                                                                                                                             },
    {"GOOGLE_DEVELOPER_TOKEN",       SETTING_SECRET, FIELD(google_developer_token),   "",                                 0,   0,
     "sent when set"                                                                                                                                                   },
    {"GOOGLE_LOGIN_CUSTOMER_ID",     SETTING_TEXT,   FIELD(google_login_customer_id), "",                                 0,   0,
     "the manager account, digits only; sent when set"                                                                                                                 },
    {"PLATFORM_TIMEOUT_MS",          SETTING_INT,    FIELD(timeout_ms),               "20000",                            100, 20000,
     "of one request; the ledger waits that long after send_by for a lost one"                                                                                         },
    {"BUDGET_OBSERVE_S",             SETTING_INT,    FIELD(observe_s),                "60",                               1,   600,
     "between two readings of all budgets"                                                                                                                             },
    {"BUDGET_HISTORY_LAG_S",         SETTING_INT,    FIELD(history_lag_s),            "200",                              0,   86400,
     "until the platform's change history surely shows a change"                                                                                                       },
};

static const struct route routes[] = {
    {"saga.approved.budget.>",     on_approved    },
    {"saga.approved.noop.>",       on_approved    },
    {"saga.rolling_back.budget.>", on_rolling_back},
};

int main(int argc, char **argv)
{
    struct service service = {
        .name = "budget-publisher",
        .settings = settings,
        .setting_count = COUNT(settings),
        .config = &publisher.config,
        .routes = routes,
        .route_count = COUNT(routes),
        .run = run_tasks,
        .runner_count = RUNNERS,
        .on_start = start_publisher,
        .state = &publisher,
    };
    return service_main(&service, argc, argv);
}
