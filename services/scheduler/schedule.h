/* schedule: when a flow is due. Pure; time is an argument.
 *
 * Either "every 15m" (s, m, h, d; counted from 1970, so that restarts change nothing), or five
 * fields of local time: minute hour day month weekday, each *, 5, 1-5, with /2, or a list of such.
 * As in cron, where both day and weekday are given, either will do. A local time is due once a day:
 * skipped by the clocks, at the moment of the skip; occurring twice, at the first. */
#pragma once

#include "zone_rule.h"

struct schedule {
    int64_t every_s; /* 0: by the fields, a bit for each value */
    uint64_t minutes;
    uint64_t hours, days, months, weekdays;
    bool any_day, any_weekday;
};

bool schedule_parse(const char *text, struct schedule *ret_schedule, struct err *err) MUST_CHECK;
/* The first time after that one; false: there is none within eight years. */
bool schedule_next(const struct schedule *schedule, const struct zone_rule *rule, int64_t after_s,
                   int64_t *ret_s) MUST_CHECK;
/* How often it was due in (after, until], and the last of these; looks back 400 days at most. */
int32_t schedule_due(const struct schedule *schedule, const struct zone_rule *rule, int64_t after_s,
                     int64_t until_s, int64_t *ret_last_s);
