/* zone_rule: a zone's offset from UTC, now and from now on, and back. Pure.
 *
 * From the rule that every compiled zone file ends with ("EST5EDT,M3.2.0,M11.1.0"): a scheduler
 * never needs a zone's past. */
#pragma once

#include "bytes.h"

struct zone_switch {
    int month, week, weekday; /* 1..12; 1..5, 5 is the last; 0..6 from Sunday */
    int32_t time_s;           /* of the local day, may be negative or beyond 24 h */
};

struct zone_rule {
    int32_t standard_s, summer_s; /* east of UTC; the same where no clock is moved */
    bool moves;
    struct zone_switch to_summer, to_standard;
};

bool zone_rule_parse(const char *text, struct zone_rule *ret_rule, struct err *err) MUST_CHECK;
/* The whole of a compiled zone file, version 2 or later. */
bool zone_rule_from_file(struct bytes file, struct zone_rule *ret_rule, struct err *err) MUST_CHECK;

int32_t zone_offset_s(const struct zone_rule *rule, int64_t unix_s);
/* A local time that occurs twice is its first; one that is skipped is the moment of the skip. */
int64_t zone_to_unix_s(const struct zone_rule *rule, int64_t local_s);

struct zone_date {
    int64_t year;
    int month, day; /* 1..12, 1..31 */
};
struct zone_date zone_date_of(int64_t day);
int zone_weekday_of(int64_t day); /* of days since 1970-01-01; 0 is Sunday */
