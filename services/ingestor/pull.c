#include "pull.h"

#include "archive.h"
#include "report.h"

#include <stdio.h>

enum { tries_max = 6 };
static const int64_t ms_a_second = 1000;

/* While pages come. */
struct keeper {
    struct pull *pull;
    struct arena *arena; /* of a page */
};

static bool end(struct pull *pull, enum pulled pulled, const char *why)
{
    pull->pulled = pulled;
    snprintf(pull->why, sizeof pull->why, "%s", why);
    return true;
}

static bool end_for_now(struct pull *pull, int64_t wait_ms, const char *why)
{
    if (pull->task->tries + 1 >= tries_max)
        return end(pull, PULLED_FAILED, why);
    pull->failure = true;
    pull->wait_ms = wait_ms;
    return end(pull, PULLED_LATER, why);
}

/* What the page says, within what was asked. */
static bool read_page(struct keeper *keeper, struct bytes raw, struct page *page,
                      struct fact **ret_facts, struct err *err)
{
    const struct task *task = keeper->pull->task;
    struct report *report = arena_new_bytes(keeper->arena, sizeof *report);
    if (!report_read(keeper->arena, task->account, task->level, raw, report, err)
        || !facts_of(keeper->arena, report, task->window.from, task->window.to, ret_facts, err))
        return false;
    page->rows = report->row_count;
    page->currency = report->currency;
    return true;
}

/* What a page came to: facts, or what was bought. */
struct taken {
    struct fact *facts;
    struct bought bought;
};

/* The same of a page with people on it; csv: what of it may be kept. */
static bool read_orders(struct keeper *keeper, struct bytes raw, struct page *page,
                        struct bought *ret_bought, struct buffer *csv, struct err *err)
{
    const struct task *task = keeper->pull->task;
    struct report report;
    bool read = report_read(keeper->arena, task->account, task->level, raw, &report, err)
        && bought_of(keeper->arena, bytes_of_text(keeper->pull->config->person_key), task->account,
                     &report.orders, ret_bought, err);
    page->rows = read ? ret_bought->count : 0;
    bought_write(ret_bought, csv);
    return read;
}

static bool add_orders(struct keeper *keeper, const struct opened *opened,
                       const struct bought *bought, struct err *err)
{
    struct pull *pull = keeper->pull;
    int64_t fresh = 0;
    if (!store_add_orders(pull->work->db, pull->task, opened, bought, &fresh, err))
        return false;
    service_count("rows_read_total", (int64_t)bought->count);
    service_count("vintages_total", fresh);
    return true;
}

/* What is new of an opened page; the commit is the caller's. */
static bool add_new(struct keeper *keeper, const struct opened *opened, const struct page *page,
                    const struct taken *taken, struct err *err)
{
    struct pull *pull = keeper->pull;
    struct fact *facts = taken->facts;
    if (pull->task->level == REPORT_ORDERS)
        return add_orders(keeper, opened, &taken->bought, err);
    struct known *known = NULL;
    size_t known_count = 0;
    if (!store_load_known(pull->work->db, keeper->arena, pull->task, facts, page->rows, &known,
                          &known_count, err))
        return false;
    size_t fresh = facts_new(keeper->arena, facts, page->rows, known, known_count);
    service_count("rows_read_total", (int64_t)page->rows);
    service_count("vintages_total", (int64_t)fresh);
    return store_add_facts(pull->work->db, pull->task, opened, facts, fresh, err);
}

/* The page's row and its facts, or that it can't be read, in one transaction. */
static bool load_page(struct keeper *keeper, const struct page *page, const struct taken *taken,
                      struct err *err)
{
    struct pull *pull = keeper->pull;
    struct opened opened = {0};
    if (!db_begin(pull->work->db, err)
        || !store_open_page(pull->work->db, pull->task, page, pull->config->lease_s * ms_a_second,
                            &opened, err))
        return false;
    if (!opened.held) {
        end(pull, PULLED_LOST, "another has the task");
        return err_set(err, ERR_REJECT, "%s", pull->why);
    }
    if (!page->why && !add_new(keeper, &opened, page, taken, err))
        return false;
    service_failpoint("before_page_commit");
    return db_commit(pull->work->db, err);
}

static bool keep_page(void *user, const struct report_ask *ask, int32_t number, struct bytes raw,
                      struct err *err)
{
    struct keeper *keeper = user;
    struct pull *pull = keeper->pull;
    struct page page = {.number = number, .bytes = raw.length, .currency = ""};
    struct taken taken = {0};
    struct err unread = {0};
    BUFFER csv = {0};
    bool people = pull->task->level == REPORT_ORDERS;
    (void)ask; /* the task says the same */
    arena_reset(keeper->arena);
    if (people && !read_orders(keeper, raw, &page, &taken.bought, &csv, &unread))
        page.why = unread.text;
    if (!archive_put(pull->config->archive_dir, people ? buffer_view(&csv) : raw, &page.hash, err))
        return false;
    service_failpoint("after_archive");
    if (!people && !read_page(keeper, raw, &page, &taken.facts, &unread))
        page.why = unread.text;
    if (!load_page(keeper, &page, &taken, err)) {
        db_rollback(pull->work->db);
        return false;
    }
    service_count("pages_total", 1);
    service_failpoint("after_page");
    return !page.why || err_set(err, ERR_REJECT, "%s", unread.text);
}

/* What a fetch came to that was not broken off by us. */
static bool judge(struct pull *pull, const struct platform_reply *reply)
{
    switch (reply->fate) {
    case PLATFORM_OK:
        return end(pull, PULLED_WHOLE, "");
    case PLATFORM_PERMANENT:
    case PLATFORM_AUTH:
        return end(pull, PULLED_FAILED, reply->code);
    case PLATFORM_THROTTLED:
        pull->wait_ms = reply->wait_ms > 0 ? reply->wait_ms : source_retry_ms(1);
        return end(pull, PULLED_LATER, reply->code);
    case PLATFORM_TRANSIENT:
    case PLATFORM_UNKNOWN:
        break;
    }
    return end_for_now(pull, source_retry_ms(pull->task->tries + 1), reply->code);
}

static bool fetch(struct pull *pull, struct keeper *keeper, struct err *err)
{
    const struct task *task = pull->task;
    struct report_ask ask = {
        .account = task->account,
        .level = task->level,
        .from = task->window.from,
        .to = task->window.to,
        .on_day = true,
    };
    struct err broken = {0};
    if (task->level == REPORT_ORDERS && !*pull->config->person_key)
        return end(pull, PULLED_FAILED, "PERSON_KEY is not set");
    pull->pulled = PULLED_WHOLE;
    if (platform_fetch_report(pull->platform, &ask, keep_page, keeper, &broken))
        return judge(pull, &ask.reply);
    if (pull->pulled == PULLED_LOST)
        return true;
    if (broken.kind == ERR_REJECT)
        return end_for_now(pull, source_retry_ms(task->tries + 1), broken.text);
    *err = broken;
    return false;
}

static bool probe(struct pull *pull)
{
    struct report_account account = {.account = pull->task->account};
    platform_read_account(pull->platform, pull->work->arena, &account);
    if (account.reply.fate == PLATFORM_OK)
        return end(pull, PULLED_WHOLE, "");
    return end(pull, PULLED_FAILED, account.reply.code);
}

bool pull_task(struct pull *pull, struct err *err)
{
    if (pull->task->probe)
        return probe(pull);
    struct keeper keeper = {pull, arena_new()};
    bool ok = fetch(pull, &keeper, err);
    arena_free(keeper.arena);
    if (ok && pull->pulled == PULLED_LATER && __atomic_load_n(pull->work->stop, __ATOMIC_RELAXED)) {
        pull->failure = false;
        pull->wait_ms = 0;
    }
    return ok;
}
