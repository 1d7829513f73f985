/* budget-publisher: the service's state and its handlers; see README.md for the subjects. */
#pragma once

#include "platform.h"
#include "service.h"

#include <pthread.h>
#include <stdatomic.h>

struct config {
    bool allow_google_mutations;
    const char *google_url, *google_token_url, *google_version;
    const char *google_client_id, *google_client_secret, *google_refresh_token;
    const char *google_developer_token, *google_login_customer_id;
    int64_t timeout_ms;
    int64_t observe_s;     /* between two readings of all budgets */
    int64_t history_lag_s; /* until a platform's change history surely shows a change */
};

enum { RUNNERS = 2 };

struct budget_publisher {
    struct config config;
    char owner[64];                  /* host and process: who holds a lease or a fence */
    _Atomic int64_t observe_boot_ms; /* when the budgets are due to be read; one runner takes it */
    pthread_mutex_t lock;            /* of idle */
    struct platform *idle[RUNNERS];  /* kept with their tokens between rounds */
};

handler_fn on_approved;
handler_fn on_rolling_back;
run_fn run_tasks;
bool start_publisher(struct service *service, struct err *err);
