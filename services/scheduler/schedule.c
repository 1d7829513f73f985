#include "schedule.h"

#include <assert.h>
#include <ctype.h>
#include <limits.h>
#include <string.h>

enum { day_s = 24 * 3600, last_minute_s = 59 * 60, days_ahead = 8 * 366 };
static const int64_t look_back_s = INT64_C(400) * day_s;
static const int64_t every_max_s = INT64_C(366) * day_s;

static bool take_number(const char **text, int64_t max, int64_t *ret_number)
{
    int64_t number = 0;
    int digits = 0;
    for (; isdigit((unsigned char)**text) && digits < 9; ++*text, digits++)
        number = number * 10 + (**text - '0');
    *ret_number = number;
    return digits > 0 && number <= max;
}

/* "*", "7", "1-5", each with "/2" */
static bool take_range(const char **text, int64_t min, int64_t max, uint64_t *bits)
{
    int64_t from = min, to = max, step = 1;
    if (**text == '*') {
        ++*text;
    } else {
        if (!take_number(text, max, &from))
            return false;
        to = from;
        if (**text == '-') {
            ++*text;
            if (!take_number(text, max, &to))
                return false;
        }
    }
    if (**text == '/') {
        ++*text;
        if (!take_number(text, max, &step) || step < 1)
            return false;
    }
    if (from < min || to < from)
        return false;
    for (int64_t value = from; value <= to; value += step)
        *bits |= UINT64_C(1) << value;
    return true;
}

static bool take_field(const char **text, int64_t min, int64_t max, uint64_t *bits)
{
    *bits = 0;
    do {
        if (!take_range(text, min, max, bits))
            return false;
    } while (**text == ',' && *++*text);
    if (**text == ' ')
        ++*text;
    else if (**text)
        return false;
    return true;
}

static bool take_every(const char *text, int64_t *ret_every_s)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {
        {'s', 1    },
        {'m', 60   },
        {'h', 3600 },
        {'d', day_s},
    };
    int64_t number;
    if (!take_number(&text, every_max_s, &number) || number == 0)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (*text != units[i].unit || text[1])
            continue;
        *ret_every_s = number * units[i].seconds;
        return *ret_every_s <= every_max_s;
    }
    return false;
}

bool schedule_parse(const char *text, struct schedule *ret_schedule, struct err *err)
{
    static const char every[] = "every ";
    static const uint64_t sunday_as_7 = UINT64_C(1) << 7;
    struct schedule schedule = {0};
    const char *at = text;
    bool ok;
    if (strncmp(text, every, sizeof every - 1) == 0) {
        ok = take_every(text + sizeof every - 1, &schedule.every_s);
    } else {
        ok = take_field(&at, 0, 59, &schedule.minutes) && take_field(&at, 0, 23, &schedule.hours);
        schedule.any_day = *at == '*' && at[1] == ' ';
        ok = ok && take_field(&at, 1, 31, &schedule.days)
            && take_field(&at, 1, 12, &schedule.months);
        schedule.any_weekday = strcmp(at, "*") == 0;
        ok = ok && take_field(&at, 0, 7, &schedule.weekdays) && !*at;
        if (schedule.weekdays & sunday_as_7)
            schedule.weekdays |= 1;
    }
    if (!ok)
        return err_set(err, ERR_REJECT,
                       "schedule: \"%.60s\" is neither \"every 15m\" nor five fields", text);
    *ret_schedule = schedule;
    return true;
}

static bool is_on(const struct schedule *schedule, int64_t day)
{
    struct zone_date date = zone_date_of(day);
    bool by_day = schedule->days >> date.day & 1;
    bool by_weekday = schedule->weekdays >> zone_weekday_of(day) & 1;
    if (!(schedule->months >> date.month & 1))
        return false;
    if (schedule->any_day || schedule->any_weekday)
        return by_day && by_weekday;
    return by_day || by_weekday;
}

/* The first time of that local day after that moment. */
static bool next_on(const struct schedule *schedule, const struct zone_rule *rule, int64_t day,
                    int64_t after_s, int64_t *ret_s)
{
    for (int64_t hour = 0; hour < 24; hour++) {
        if (!(schedule->hours >> hour & 1))
            continue;
        /* The hour's last minute tells whether any of its minutes can still come. */
        if (zone_to_unix_s(rule, day * day_s + hour * 3600 + last_minute_s) <= after_s)
            continue;
        for (int64_t minute = 0; minute < 60; minute++) {
            if (!(schedule->minutes >> minute & 1))
                continue;
            int64_t at = zone_to_unix_s(rule, day * day_s + hour * 3600 + minute * 60);
            if (at > after_s) {
                *ret_s = at;
                return true;
            }
        }
    }
    return false;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

bool schedule_next(const struct schedule *schedule, const struct zone_rule *rule, int64_t after_s,
                   int64_t *ret_s)
{
    if (schedule->every_s > 0) {
        *ret_s = (floor_div(after_s, schedule->every_s) + 1) * schedule->every_s;
        return true;
    }
    int64_t today = floor_div(after_s + zone_offset_s(rule, after_s), day_s);
    for (int64_t day = today; day <= today + days_ahead; day++)
        if (is_on(schedule, day) && next_on(schedule, rule, day, after_s, ret_s))
            return true;
    return false;
}

int32_t schedule_due(const struct schedule *schedule, const struct zone_rule *rule, int64_t after_s,
                     int64_t until_s, int64_t *ret_last_s)
{
    int64_t at = after_s > until_s - look_back_s ? after_s : until_s - look_back_s;
    if (schedule->every_s > 0) {
        int64_t last = floor_div(until_s, schedule->every_s);
        int64_t count = last - floor_div(at, schedule->every_s);
        *ret_last_s = last * schedule->every_s;
        return count > 0 ? (int32_t)count : 0;
    }
    int32_t count = 0;
    for (int64_t next; schedule_next(schedule, rule, at, &next) && next <= until_s; at = next) {
        *ret_last_s = next;
        count++;
    }
    return count;
}
