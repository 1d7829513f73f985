/* ingestor: the service's state and its handlers; see README.md for the whole. */
#pragma once

#include "platform.h"
#include "service.h"

struct config {
    const char *archive_dir;
    const char *google_url, *google_token_url, *google_version;
    const char *google_client_id, *google_client_secret, *google_refresh_token;
    const char *google_developer_token, *google_login_customer_id;
    const char *ga4_url;
    const char *meta_url, *meta_version, *meta_access_token, *meta_app_secret;
    const char *shopify_url, *shopify_version, *shopify_token, *stripe_url, *stripe_key;
    const char *person_key;
    int64_t timeout_ms, wait_ms;
    int64_t lease_s;
};

enum { RUNNERS = 2 };

struct ingestor {
    struct config config;
};

handler_fn on_ingest;
tick_fn on_flows;
run_fn run_tasks;
bool start_ingestor(struct service *service, struct err *err);
