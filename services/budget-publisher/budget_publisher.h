/* budget-publisher: the service's state and its handlers; see README.md for the subjects. */
#pragma once

#include "execution.h"
#include "service.h"

struct config {
    bool allow_google_mutations;
};

struct budget_publisher {
    struct config config;
    char owner[64]; /* host and process: who holds a lease or a fence */
};

handler_fn on_approved;
handler_fn on_rolling_back;
run_fn run_tasks;
