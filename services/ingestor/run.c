/* The runner: leases a task, pulls it, says what became of it; with the last one of a run, that
 * its days have landed. */
#include "ingestor.h"

#include "archive.h"
#include "data.pb-c.h"
#include "log.h"
#include "pull.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const int64_t ms_a_second = 1000;

bool start_ingestor(struct service *service, struct err *err)
{
    const struct ingestor *ingestor = service->state;
    if (*ingestor->config.person_key && strlen(ingestor->config.person_key) < HASH_BYTES)
        return err_set(err, ERR_FATAL, "PERSON_KEY: at least %d secret characters", HASH_BYTES);
    return archive_open(ingestor->config.archive_dir, err);
}

/* Host, process and runner: what is still leased to it when it asks for more, it has lost. */
static bool lease(struct work *work, struct task *task, bool *ret_found, struct err *err)
{
    const struct ingestor *ingestor = work->state;
    char host[65] = "", owner[112];
    (void)gethostname(host, sizeof host - 1);
    snprintf(owner, sizeof owner, "%s/%d/%d", host, (int)getpid(), (int)gettid());
    return store_lease_task(work->db, work->arena, owner, ingestor->config.lease_s * ms_a_second,
                            task, ret_found, err);
}

static struct platform *open_platform(const struct config *config, volatile const bool *stop)
{
    const struct platform_settings settings = {
        .google_url = config->google_url,
        .google_token_url = config->google_token_url,
        .google_version = config->google_version,
        .google_client_id = config->google_client_id,
        .google_client_secret = config->google_client_secret,
        .google_refresh_token = config->google_refresh_token,
        .google_developer_token = config->google_developer_token,
        .google_login_customer_id = config->google_login_customer_id,
        .ga4_url = config->ga4_url,
        .meta_url = config->meta_url,
        .meta_version = config->meta_version,
        .meta_access_token = config->meta_access_token,
        .meta_app_secret = config->meta_app_secret,
        .shopify_url = *config->shopify_url ? config->shopify_url : NULL,
        .shopify_version = config->shopify_version,
        .shopify_token = config->shopify_token,
        .stripe_url = config->stripe_url,
        .stripe_key = config->stripe_key,
        .timeout_ms = config->timeout_ms,
        .report_wait_base_ms = config->wait_ms,
        .stop = stop,
    };
    return platform_new(&settings);
}

static bool say_landed(struct work *work, int64_t run, const struct ended *ended, struct err *err)
{
    struct arena *arena = work->arena;
    Aelp__V1__DataLanded body = AELP__V1__DATA_LANDED__INIT;
    body.account = arena_text(arena, ended->account, strlen(ended->account));
    body.from = arena_text(arena, ended->from, strlen(ended->from));
    body.to = arena_text(arena, ended->to, strlen(ended->to));
    body.vintages = (uint64_t)ended->vintages;
    body.run = (uint64_t)run;
    size_t length = aelp__v1__data_landed__get_packed_size(&body);
    uint8_t *packed = arena_new_bytes(arena, length);
    (void)aelp__v1__data_landed__pack(&body, packed); /* as long as it said */

    const struct source *source = source_of(ended->account);
    work->said = true;
    return store_say_landed(work->db, arena_format(arena, "data.landed.%s", source->name),
                            arena_format(arena, "landed.%lld", (long long)run),
                            bytes_of(packed, length), err);
}

/* When it was the run's last task. */
static bool end_run(struct work *work, int64_t run, struct err *err)
{
    struct ended ended = {0};
    if (!store_end_run(work->db, work->arena, run, &ended, err))
        return false;
    if (!ended.ended)
        return true;
    service_failpoint("before_landed");
    log_info("run ended", LOG_INT("run", run), LOG_TEXT("account", ended.account),
             LOG_INT("vintages", ended.vintages), LOG_TEXT("why", ended.why ? ended.why : ""));
    return (!ended.good || ended.probe || say_landed(work, run, &ended, err))
        && (!ended.last || store_end_flow(work->db, ended.message_id, ended.why, err));
}

static bool settle(struct work *work, const struct pull *pull, struct err *err)
{
    const struct task *task = pull->task;
    const char *why = pull->pulled == PULLED_FAILED ? pull->why : NULL;
    switch (pull->pulled) {
    case PULLED_LOST:
        return true;
    case PULLED_LATER:
        log_warn("task put off", LOG_INT("task", task->id), LOG_TEXT("account", task->account),
                 LOG_TEXT("why", pull->why));
        return store_retry_task(work->db, task, pull->wait_ms, pull->failure, pull->why, err);
    case PULLED_FAILED:
        log_error("task failed", LOG_INT("task", task->id), LOG_TEXT("account", task->account),
                  LOG_TEXT("why", pull->why));
        break;
    case PULLED_WHOLE:
        break;
    }
    return db_begin(work->db, err) && store_end_task(work->db, task, why, err)
        && end_run(work, task->run, err) && db_commit(work->db, err);
}

static bool work_off(struct work *work, struct platform *platform, struct task *task, bool *found,
                     struct err *err)
{
    struct ingestor *ingestor = work->state;
    while (*found && !__atomic_load_n(work->stop, __ATOMIC_RELAXED)) {
        struct pull pull = {
            .work = work, .config = &ingestor->config, .platform = platform, .task = task};
        service_failpoint("after_lease");
        if (!pull_task(&pull, err) || !settle(work, &pull, err))
            return false;
        service_failpoint("after_task");
        arena_reset(work->arena);
        if (!lease(work, task, found, err))
            return false;
    }
    return true;
}

bool run_tasks(struct work *work, bool *ret_busy, struct err *err)
{
    struct ingestor *ingestor = work->state;
    struct task task;
    bool found = false;
    if (!lease(work, &task, &found, err))
        return false;
    if (!found)
        return true;
    struct platform *platform = open_platform(&ingestor->config, work->stop);
    bool ok = work_off(work, platform, &task, &found, err);
    platform_free(platform);
    *ret_busy = found;
    return ok;
}
