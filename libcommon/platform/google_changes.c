/* google_changes: change_event, what was done to an account's budgets and when. */
#include "google.h"

#include <string.h>

enum { time_bytes_max = 40 };

void google_ask_changes(const struct platform_history *history, struct buffer *query)
{
    buffer_format(query,
                  "SELECT change_event.change_date_time, change_event.change_resource_name, "
                  "change_event.changed_fields, change_event.old_resource, "
                  "change_event.new_resource FROM change_event "
                  "WHERE change_event.change_date_time >= '%s' "
                  "AND change_event.change_date_time <= '%s' "
                  "AND change_event.change_resource_type = 'CAMPAIGN_BUDGET' "
                  "ORDER BY change_event.change_date_time LIMIT %d",
                  history->since_local, history->until_local, GOOGLE_CHANGES_MAX);
}

static bool amount_of(const json_t *event, const char *name, int64_t *ret_micros)
{
    struct err err = {0};
    const json_t *budget = google_member(google_member(event, name), "campaignBudget");
    return json_need_int(budget, "amountMicros", 0, INT64_MAX, ret_micros, &err);
}

static bool take_event(struct arena *arena, const json_t *row, struct platform_history *history,
                       struct err *err)
{
    const json_t *event = google_member(row, "changeEvent");
    struct platform_change change = {0};
    const char *time = NULL, *name = NULL;
    if (!json_need_text(event, "changeDateTime", time_bytes_max, &time, err)
        || !json_need_text(event, "changeResourceName", GOOGLE_RESOURCE_BYTES_MAX, &name, err))
        return false;
    change.resource = google_below(arena, google_customer(history->account), name);
    if (!change.resource)
        return err_set(err, ERR_REJECT, "changeResourceName: of another account, or malformed");
    change.local_time = arena_text(arena, time, strlen(time));
    change.has_amounts = amount_of(event, "oldResource", &change.old_micros)
        && amount_of(event, "newResource", &change.new_micros);
    history->changes[history->change_count++] = change;
    return true;
}

bool google_take_changes(struct arena *arena, struct bytes answer, struct platform_history *history,
                         struct err *err)
{
    OWNED(json_t) *json = NULL;
    if (!json_parse(answer, GOOGLE_ANSWER_BYTES_MAX, &json, err))
        return false;
    if (!json_is_array(json))
        return err_set(err, ERR_REJECT, "searchStream: not an array");
    history->changes = arena_array(arena, GOOGLE_CHANGES_MAX, sizeof *history->changes);
    for (size_t i = 0; i < json_array_size(json); i++) {
        const json_t *results = google_member(json_array_get(json, i), "results");
        if (results && !json_is_array(results))
            return err_set(err, ERR_REJECT, "results: not an array");
        for (size_t n = 0; n < json_array_size(results); n++) {
            if (history->change_count == GOOGLE_CHANGES_MAX)
                return err_set(err, ERR_REJECT, "results: more than were asked for");
            if (!take_event(arena, json_array_get(results, n), history, err))
                return err_context(err, "results[%zu]", n);
        }
    }
    history->whole = history->change_count < GOOGLE_CHANGES_MAX;
    return true;
}
