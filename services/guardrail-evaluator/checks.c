/* One round: lease a check, run its suites rule by rule, keep what they found, and say that the
 * data is checked or tell people what is wrong with it, in one transaction.
 *
 * A check has its tries as a fence: who died or was overtaken ends nothing. Whatever keeps a check
 * from an end is an alert of its own and never the process's: it guards money, too. */
#include "guardrail.h"

#include "data.pb-c.h"
#include "log.h"
#include "store.h"

static const int32_t tries_max = 5;
static const int32_t patience_ms = 30000;
static const int64_t lease_ms = 60000; /* more than one statement may take */
static const int32_t prune_max = 500;

bool start_checks(struct service *service, struct err *err)
{
    struct guardrail *guardrail = service->state;
    return quality_new(&guardrail->quality, err);
}

struct hold {
    struct work *work;
    const struct check *check;
};

static bool hold_on(void *user, struct err *err)
{
    const struct hold *hold = user;
    if (*hold->work->stop) {
        if (!store_keep_check(hold->work->db, hold->check, 0, err))
            return false;
        return err_set(err, ERR_RETRY, "stopping: the check begins again elsewhere");
    }
    return store_keep_check(hold->work->db, hold->check, lease_ms, err);
}

static bool say_checked(struct work *work, const struct check *check,
                        const struct quality_report *report, struct err *err)
{
    Aelp__V1__DataLanded checked = AELP__V1__DATA_LANDED__INIT;
    checked.account = (char *)check->landed.account;
    checked.from = (char *)report->from;
    checked.to = (char *)report->to;
    checked.vintages = (uint64_t)check->landed.vintages;
    checked.run = (uint64_t)check->landed.run;
    size_t length = aelp__v1__data_landed__get_packed_size(&checked);
    uint8_t *body = arena_new_bytes(work->arena, length + 1);
    aelp__v1__data_landed__pack(&checked, body);
    work->said = true;
    return store_say_checked(work->db,
                             arena_format(work->arena, "data.checked.%s", check->landed.source),
                             arena_format(work->arena, "checked.%lld", (long long)check->id),
                             bytes_of(body, length), err);
}

static const char *about(const struct check *check)
{
    return *check->landed.account ? check->landed.account : check->landed.source;
}

/* Its word goes out with its end, or not at all. */
static bool end_told(struct work *work, const struct check *check,
                     const struct quality_report *report, struct err *err)
{
    const struct verdict *verdict = &report->verdict;
    if (verdict->passed && !say_checked(work, check, report, err))
        return false;
    if (verdict->critical_count + verdict->warning_count == 0)
        return true;
    return store_alert_of_data(work->db, verdict->passed ? "warning" : "critical", about(check),
                               verdict->sentence, err);
}

static bool end_check(struct work *work, const struct check *check,
                      const struct quality_report *report, struct err *err)
{
    bool ended;
    service_failpoint("before_check_ends");
    if (!db_begin(work->db, err)
        || !store_end_check(work->db, work->arena, check, report, &ended, err)
        || (ended && !end_told(work, check, report, err)) || !db_commit(work->db, err))
        return false;
    if (!ended)
        return true;
    service_count(report->verdict.passed ? "checks_passed_total" : "checks_failed_total", 1);
    log_info("checked", LOG_TEXT("source", check->landed.source), LOG_INT("check", check->id),
             LOG_TEXT("verdict", report->verdict.sentence));
    return true;
}

/* Nobody can say what the data is worth, so it is not said to be checked. */
static bool end_broken(struct work *work, const struct check *check, const char *why,
                       struct err *err)
{
    bool ended;
    const char *sentence =
        arena_format(work->arena, "%s could not be checked: %s", about(check), why);
    log_warn("check broken", LOG_INT("check", check->id), LOG_TEXT("why", why));
    service_count("checks_broken_total", 1);
    return db_begin(work->db, err) && store_end_broken_check(work->db, check, sentence, &ended, err)
        && (!ended || store_alert_of_data(work->db, "critical", about(check), sentence, err))
        && db_commit(work->db, err);
}

static bool carry_out(struct work *work, const struct check *check, struct err *err)
{
    struct guardrail *guardrail = work->state;
    struct hold hold = {work, check};
    struct quality_report report;
    const struct quality_ask ask = {check->landed.source,
                                    check->landed.account,
                                    check->landed.from,
                                    check->landed.to,
                                    patience_ms,
                                    hold_on,
                                    &hold};
    if (check->tries > tries_max)
        return end_broken(work, check, "no attempt came to an end", err);
    if (quality_check(guardrail->quality, work->db, work->arena, &ask, &report, err))
        return end_check(work, check, &report, err);
    if (err->kind == ERR_RETRY && (check->tries < tries_max || *work->stop))
        return false;
    const char *why = arena_format(work->arena, "%s", err->text);
    *err = (struct err){0};
    return end_broken(work, check, why, err);
}

bool run_checks(struct work *work, bool *ret_busy, struct err *err)
{
    struct check check;
    if (!store_lease_check(work->db, work->arena, lease_ms, &check, ret_busy, err))
        return false;
    return !*ret_busy || carry_out(work, &check, err);
}

bool tick_prune_checks(struct work *work, struct err *err)
{
    return store_prune_checks(work->db, prune_max, err);
}
