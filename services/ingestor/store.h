/* store: runs, tasks, pages and facts in Postgres. Texts that are returned live in the arena. */
#pragma once

#include "bought.h"
#include "db.h"
#include "fact.h"
#include "hash.h"
#include "source.h"

/* An account that can be pulled from. */
struct source_account {
    const char *name, *zone;
    bool world;
};
/* After a look at the ledger's. */
bool store_load_accounts(struct db *db, struct arena *arena, struct source_account **ret_accounts,
                         size_t *ret_count, struct err *err) MUST_CHECK;
/* bodies: of their nightly jobs. */
bool store_keep_flows(struct db *db, const struct source_account accounts[],
                      const struct bytes bodies[], size_t count, struct err *err) MUST_CHECK;

/* What a job asks for, and what is known of an account it is about. */
struct job {
    const char *message_id, *source, *account; /* account "": all of the source */
};
struct asked {
    size_t job;
    const char *account;
    int32_t today, last; /* last: of the last whole pull, or SOURCE_NEVER */
};
/* By job and account. */
bool store_load_asked(struct db *db, struct arena *arena, const struct job jobs[], size_t count,
                      struct asked **ret_asked, size_t *ret_count, struct err *err) MUST_CHECK;

struct run {
    const char *message_id, *account;
    struct window window;
    bool probe;
};
struct part {
    const struct run *run;
    enum report_level level;
    struct window window;
};
bool store_add_runs(struct db *db, const struct run runs[], size_t run_count,
                    const struct part parts[], size_t part_count, struct err *err) MUST_CHECK;

struct task {
    int64_t id, fence, run;
    const char *account;
    enum report_level level;
    struct window window;
    int32_t tries;
    bool probe;
};
/* *ret_found is false when there is nothing to do. */
bool store_lease_task(struct db *db, struct arena *arena, const char *owner, int64_t lease_ms,
                      struct task *ret_task, bool *ret_found, struct err *err) MUST_CHECK;

struct page {
    int32_t number;
    struct hash hash;
    size_t bytes, rows;
    const char *currency;
    const char *why; /* it can't be read, or NULL */
};
struct opened {
    bool held; /* false: the task is another's by now */
    int64_t raw_id, observed_at;
};
/* In the transaction that adds the page's facts; the account is locked until its end. */
bool store_open_page(struct db *db, const struct task *task, const struct page *page,
                     int64_t lease_ms, struct opened *ret_opened, struct err *err) MUST_CHECK;

/* store_facts.c. The newest vintages of these facts, those there are. */
bool store_load_known(struct db *db, struct arena *arena, const struct task *task,
                      const struct fact facts[], size_t count, struct known **ret_known,
                      size_t *ret_count, struct err *err) MUST_CHECK;
bool store_add_facts(struct db *db, const struct task *task, const struct opened *opened,
                     const struct fact facts[], size_t count, struct err *err) MUST_CHECK;
/* To the run's count. */
bool store_add_vintages(struct db *db, int64_t run, size_t count, struct err *err) MUST_CHECK;
/* store_orders.c. *ret_fresh: how many said something new. */
bool store_add_orders(struct db *db, const struct task *task, const struct opened *opened,
                      const struct bought *bought, int64_t *ret_fresh, struct err *err) MUST_CHECK;

/* why NULL: it is done. */
bool store_end_task(struct db *db, const struct task *task, const char *why,
                    struct err *err) MUST_CHECK;
bool store_retry_task(struct db *db, const struct task *task, int64_t wait_ms, bool failed,
                      const char *why, struct err *err) MUST_CHECK;

struct ended {
    bool ended; /* false: there is more to do */
    const char *message_id, *account, *from, *to;
    int64_t vintages;
    bool probe, good;
    bool last;       /* of its message */
    const char *why; /* what failed of the message's runs, or NULL */
};
/* In a transaction. */
bool store_end_run(struct db *db, struct arena *arena, int64_t run, struct ended *ret_ended,
                   struct err *err) MUST_CHECK;
bool store_say_landed(struct db *db, const char *subject, const char *message_id, struct bytes body,
                      struct err *err) MUST_CHECK;
/* Nothing, if no flow began it. */
bool store_end_flow(struct db *db, const char *message_id, const char *why,
                    struct err *err) MUST_CHECK;
