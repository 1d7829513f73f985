/* ingestor: pulls what sources report, archives it as it came, and keeps it as vintages. */
#include "ingestor.h"

static struct ingestor ingestor;

#define FIELD(member) offsetof(struct config, member)
static const struct setting settings[] = {
    {"ARCHIVE_DIR",              SETTING_TEXT,   FIELD(archive_dir),              "archive",                              0,   0,
     "where replies are kept as they came"                                                                                                                              },
    {"GOOGLE_ADS_URL",           SETTING_TEXT,   FIELD(google_url),               "https://googleads.googleapis.com",     0,   0,
     "base of the Google Ads API"                                                                                                                                       },
    {"GOOGLE_OAUTH_URL",         SETTING_TEXT,   FIELD(google_token_url),         "https://oauth2.googleapis.com",        0,
     0,                                                                                                                                "base of Google's token endpoint"},
    {"GOOGLE_ADS_VERSION",       SETTING_TEXT,   FIELD(google_version),           "v25",                                  0,   0,
     "of the Google Ads API"                                                                                                                                            },
    {"GA4_URL",                  SETTING_TEXT,   FIELD(ga4_url),                  "https://analyticsdata.googleapis.com", 0,   0,
     "base of the GA4 Data API"                                                                                                                                         },
    {"GOOGLE_CLIENT_ID",         SETTING_TEXT,   FIELD(google_client_id),         "",                                     0,   0,      "our OAuth client"               },
    {"GOOGLE_CLIENT_SECRET",     SETTING_SECRET, FIELD(google_client_secret),     "",                                     0,   0,      "its secret"                     },
    {"GOOGLE_REFRESH_TOKEN",     SETTING_SECRET, FIELD(google_refresh_token),     "",                                     0,   0,
     "what is exchanged for access tokens"                                                                                                                              },
    {"GOOGLE_DEVELOPER_TOKEN",   SETTING_SECRET, FIELD(google_developer_token),   "",                                     0,   0,
     "sent when set"                                                                                                                                                    },
    {"GOOGLE_LOGIN_CUSTOMER_ID", SETTING_TEXT,   FIELD(google_login_customer_id), "",                                     0,   0,
     "the manager account, digits only; sent when set"                                                                                                                  },
    {"META_URL",                 SETTING_TEXT,   FIELD(meta_url),                 "https://graph.facebook.com",           0,   0,
     "base of Meta's Graph API"                                                                                                                                         },
    {"META_VERSION",             SETTING_TEXT,   FIELD(meta_version),             "v24.0",                                0,   0,      "of the Graph API"               },
    {"META_ACCESS_TOKEN",        SETTING_SECRET, FIELD(meta_access_token),        "",                                     0,   0,
     "of a system user that may read"                                                                                                                                   },
    {"META_APP_SECRET",          SETTING_SECRET, FIELD(meta_app_secret),          "",                                     0,   0,
     "proves requests when set"                                                                                                                                         },
    {"SHOPIFY_URL",              SETTING_TEXT,   FIELD(shopify_url),              "",                                     0,   0,      "the shop's own address"         },
    {"SHOPIFY_VERSION",          SETTING_TEXT,   FIELD(shopify_version),          "2026-10",                              0,   0,      "of its Admin API"               },
    {"SHOPIFY_TOKEN",            SETTING_SECRET, FIELD(shopify_token),            "",                                     0,   0,      "that may read orders"           },
    {"STRIPE_URL",               SETTING_TEXT,   FIELD(stripe_url),               "https://api.stripe.com",               0,   0,
     "base of Stripe's API"                                                                                                                                             },
    {"STRIPE_KEY",               SETTING_SECRET, FIELD(stripe_key),               "",                                     0,   0,      "that may read charges"          },
    {"PERSON_KEY",               SETTING_SECRET, FIELD(person_key),               "",                                     0,   0,
     "what people are hashed with, 32 characters or more; keep it, or they become others"                                                                               },
    {"PLATFORM_TIMEOUT_MS",      SETTING_INT,    FIELD(timeout_ms),               "60000",                                100, 600000, "of one request"                 },
    {"PLATFORM_WAIT_MS",         SETTING_INT,    FIELD(wait_ms),                  "1000",                                 1,   60000,
     "before a page is asked for again; doubles from here"                                                                                                              },
    {"INGEST_LEASE_S",           SETTING_INT,    FIELD(lease_s),                  "600",                                  1,   3600,
     "how long the work of a process that died waits; longer than a page takes with all its tries"                                                                      },
};

static const struct route routes[] = {
    {"job.ingest.>", on_ingest},
};

static const struct tick ticks[] = {
    {"flows", 5000, on_flows},
};

int main(int argc, char **argv)
{
    struct service service = {
        .name = "ingestor",
        .settings = settings,
        .setting_count = COUNT(settings),
        .config = &ingestor.config,
        .routes = routes,
        .route_count = COUNT(routes),
        .ticks = ticks,
        .tick_count = COUNT(ticks),
        .run = run_tasks,
        .runner_count = RUNNERS,
        .on_start = start_ingestor,
        .state = &ingestor,
    };
    return service_main(&service, argc, argv);
}
