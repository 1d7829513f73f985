#include "zone_rule.h"

#include "clock.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { hour_s = 3600, day_s = 24 * 3600, rule_text = 96 };

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Years that begin in March keep the leap day last; 146097 days make 400 years. */
struct zone_date zone_date_of(int64_t day)
{
    int64_t from_0000 = day + 719468;
    int64_t era = floor_div(from_0000, 146097);
    int64_t of_era = from_0000 - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int month_from_march = (int)((5 * of_year + 2) / 153);
    return (struct zone_date){
        .year = year + era * 400 + (month_from_march >= 10),
        .month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9,
        .day = (int)(of_year - (153 * month_from_march + 2) / 5 + 1),
    };
}

int zone_weekday_of(int64_t day)
{
    int64_t weekday = (day + 4) % 7; /* 1970-01-01 was a Thursday */
    return (int)(weekday < 0 ? weekday + 7 : weekday);
}

/* When the clocks are moved in that year; before_s is the offset in force until then. */
static int64_t switch_unix_s(const struct zone_switch *at, int64_t year, int32_t before_s)
{
    int64_t first = clock_days(year, at->month, 1);
    int64_t next_first =
        at->month == 12 ? clock_days(year + 1, 1, 1) : clock_days(year, at->month + 1, 1);
    int ahead = (at->weekday - zone_weekday_of(first) + 7) % 7 + 7 * (at->week - 1);
    int64_t day = first + ahead;
    if (day >= next_first)
        day -= 7;
    return day * day_s + at->time_s - before_s;
}

int32_t zone_offset_s(const struct zone_rule *rule, int64_t unix_s)
{
    if (!rule->moves)
        return rule->standard_s;
    int64_t year = zone_date_of(floor_div(unix_s + rule->standard_s, day_s)).year;
    int64_t summer = switch_unix_s(&rule->to_summer, year, rule->standard_s);
    int64_t standard = switch_unix_s(&rule->to_standard, year, rule->summer_s);
    bool is_summer = summer < standard ? unix_s >= summer && unix_s < standard
                                       : unix_s >= summer || unix_s < standard;
    return is_summer ? rule->summer_s : rule->standard_s;
}

int64_t zone_to_unix_s(const struct zone_rule *rule, int64_t local_s)
{
    int32_t most = rule->summer_s > rule->standard_s ? rule->summer_s : rule->standard_s;
    int32_t least = rule->summer_s > rule->standard_s ? rule->standard_s : rule->summer_s;
    int64_t early = local_s - most, late = local_s - least;
    if (zone_offset_s(rule, early) == most)
        return early;
    if (zone_offset_s(rule, late) == least)
        return late;
    /* Skipped: the clocks were moved between the two. */
    while (early + 1 < late) {
        int64_t middle = early + (late - early) / 2;
        if (zone_offset_s(rule, middle) == least)
            early = middle;
        else
            late = middle;
    }
    return late;
}

static bool take_name(const char **text)
{
    const char *at = *text;
    if (*at == '<') {
        const char *end = strchr(at, '>');
        if (!end)
            return false;
        *text = end + 1;
        return true;
    }
    while (isalpha((unsigned char)*at))
        at++;
    bool long_enough = at - *text >= 3;
    *text = at;
    return long_enough;
}

static bool take_number(const char **text, int max, int *ret_number)
{
    int number = 0, digits = 0;
    for (; isdigit((unsigned char)**text) && digits < 4; ++*text, digits++)
        number = number * 10 + (**text - '0');
    *ret_number = number;
    return digits > 0 && number <= max;
}

static bool take_char(const char **text, char wanted)
{
    if (**text != wanted)
        return false;
    ++*text;
    return true;
}

/* [+-]h[h[h]][:mm[:ss]] */
static bool take_time(const char **text, int hours_max, int32_t *ret_s)
{
    int hours, minutes = 0, seconds = 0;
    int sign = take_char(text, '-') ? -1 : 1;
    if (sign == 1)
        (void)take_char(text, '+'); /* means nothing */
    if (!take_number(text, hours_max, &hours))
        return false;
    if (take_char(text, ':') && !take_number(text, 59, &minutes))
        return false;
    if (take_char(text, ':') && !take_number(text, 59, &seconds))
        return false;
    *ret_s = sign * (hours * hour_s + minutes * 60 + seconds);
    return true;
}

/* ",M3.2.0/2" */
static bool take_switch(const char **text, struct zone_switch *ret_switch)
{
    ret_switch->time_s = 2 * hour_s;
    return take_char(text, ',') && take_char(text, 'M') && take_number(text, 12, &ret_switch->month)
        && take_char(text, '.') && take_number(text, 5, &ret_switch->week) && take_char(text, '.')
        && take_number(text, 6, &ret_switch->weekday) && ret_switch->month >= 1
        && ret_switch->week >= 1
        && (!take_char(text, '/') || take_time(text, 167, &ret_switch->time_s));
}

/* What is west of UTC is positive in these texts. */
static bool take_rule(const char *text, struct zone_rule *rule)
{
    int32_t west_s;
    if (!take_name(&text) || !take_time(&text, 24, &west_s))
        return false;
    rule->standard_s = rule->summer_s = -west_s;
    if (!*text)
        return true;
    rule->moves = true;
    rule->summer_s = rule->standard_s + hour_s;
    if (!take_name(&text))
        return false;
    if (*text != ',') {
        if (!take_time(&text, 24, &west_s))
            return false;
        rule->summer_s = -west_s;
    }
    return take_switch(&text, &rule->to_summer) && take_switch(&text, &rule->to_standard) && !*text;
}

bool zone_rule_parse(const char *text, struct zone_rule *ret_rule, struct err *err)
{
    struct zone_rule rule = {0};
    if (!take_rule(text, &rule))
        return err_set(err, ERR_REJECT, "zone: not a rule: %.60s", text);
    *ret_rule = rule;
    return true;
}

bool zone_rule_from_file(struct bytes file, struct zone_rule *ret_rule, struct err *err)
{
    static const char magic[] = "TZif";
    char text[rule_text];
    if (file.length < 46 || memcmp(file.data, magic, 4) != 0 || file.data[4] < '2'
        || file.data[file.length - 1] != '\n')
        return err_set(err, ERR_REJECT, "zone: not a compiled zone file of version 2 or later");
    size_t end = file.length - 1, begin = end;
    while (begin > 0 && file.data[begin - 1] != '\n')
        begin--;
    if (begin == 0 || end - begin >= sizeof text)
        return err_set(err, ERR_REJECT, "zone: its file ends without a rule");
    snprintf(text, sizeof text, "%.*s", (int)(end - begin), (const char *)file.data + begin);
    return zone_rule_parse(text, ret_rule, err);
}
