/* trip: one order on its way to its platforms and back.
 *
 *     going    read, judge; with a send behind it, ask the history, judge again
 *     sending  permitted and asked for
 *     settled  with an outcome, or later_at says when to come again */
#pragma once

#include "execution.h"
#include "judge.h"
#include "service.h"

struct trip {
    const struct saga_order *order;
    struct want *wants; /* one an effect */
    enum verdict verdict;
    enum trace trace;
    int64_t send_before_boot_ms;
    int64_t later_at; /* unix micros, of VERDICT_WAIT */
};

/* What a round of one runner works with. */
struct carrier {
    struct work *work;
    struct platform *platform;
    bool may_send;
    int64_t history_lag_s;
};

/* Reads the budgets of the given trips, one request an account. */
void trips_look(const struct carrier *carrier, struct trip *trips[], size_t count);
/* Sets `trace`, from the ledger's send times and the platforms' change history. */
bool trips_trace(const struct carrier *carrier, struct trip *trips[], size_t count,
                 struct err *err) MUST_CHECK;
/* Asks the ledger's permit for each; *ret_count of them got it and stand first. */
bool trips_permit(const struct carrier *carrier, struct trip *trips[], size_t count,
                  size_t *ret_count, struct err *err) MUST_CHECK;
/* One request an account, and one for each order of several budgets. */
void trips_send(const struct carrier *carrier, struct trip *trips[], size_t count);
