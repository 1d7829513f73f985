/* Each second: which flows are due, and what was missed. A flow that can't be read harms no other.
 */
#include "scheduler.h"

#include "schedule.h"
#include "store.h"
#include "zone_file.h"

static const int64_t late_s = 300; /* later than that is worth a person's look */

struct plan {
    struct due_run *runs;
    struct alert *alerts;
    size_t run_count, alert_count;
};

static void add_alert(struct plan *plan, const char *flow, const char *rule, const char *sentence)
{
    plan->alerts[plan->alert_count++] = (struct alert){flow, rule, sentence};
}

static void plan_flow(const struct scheduler *scheduler, struct arena *arena,
                      const struct flow *flow, struct plan *plan)
{
    struct err err = {0};
    struct zone_rule rule;
    struct schedule schedule;
    int64_t first_s, last_s = 0;
    if (!schedule_parse(flow->schedule, &schedule, &err)
        || !zone_file_read(scheduler->zone_folder, flow->zone, &rule, &err)) {
        add_alert(plan, flow->name, "schedule", arena_format(arena, "%s", err.text));
        return;
    }
    if (!schedule_next(&schedule, &rule, flow->after_s, &first_s) || first_s > flow->now_s)
        return;
    int32_t count = schedule_due(&schedule, &rule, flow->after_s, flow->now_s, &last_s);
    if (count == 0)
        return;
    plan->runs[plan->run_count++] = (struct due_run){flow->name, last_s, count - 1};
    if (flow->now_s - first_s > late_s)
        add_alert(plan, flow->name, "missed",
                  arena_format(arena,
                               "%s was due %d times while it could not run: it runs once now",
                               flow->name, (int)count));
}

bool on_clock(struct work *work, struct err *err)
{
    struct flow *flows = NULL;
    size_t count = 0;
    if (!store_end_overdue(work->db, err)
        || !store_load_flows(work->db, work->arena, &flows, &count, err))
        return false;
    struct plan plan = {
        .runs = arena_array(work->arena, count, sizeof *plan.runs),
        .alerts = arena_array(work->arena, count, sizeof *plan.alerts),
    };
    for (size_t i = 0; i < count; i++)
        plan_flow(work->state, work->arena, &flows[i], &plan);
    if (plan.run_count > 0) {
        service_failpoint("before_start_runs");
        if (!store_start_runs(work->db, plan.runs, plan.run_count, err))
            return false;
        service_count("jobs_started_total", (int64_t)plan.run_count);
        work->said = true;
    }
    return plan.alert_count == 0 || store_add_alerts(work->db, plan.alerts, plan.alert_count, err);
}
