#include "zone.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const int64_t second_micros = 1000000;
static const int64_t hour_micros = INT64_C(3600) * 1000000;
static const int64_t day_micros = INT64_C(24) * 3600 * 1000000;

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Years that begin in March keep the leap day last; 146097 days make 400 years. */
int64_t zone_day_of(struct zone_date date)
{
    int64_t year = date.month > 2 ? date.year : date.year - 1;
    int64_t era = floor_div(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t month = (date.month + 9) % 12;
    int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year
        - 719468;
}

struct zone_date zone_date_of(int64_t day)
{
    day += 719468;
    int64_t era = floor_div(day, 146097);
    int64_t of_era = day - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    struct zone_date date = {
        .year = year + era * 400 + (month >= 10),
        .month = (int)(month < 10 ? month + 3 : month - 9),
        .day = (int)(of_year - (153 * month + 2) / 5 + 1),
    };
    return date;
}

const char *zone_name(enum zone zone)
{
    return zone == ZONE_NEW_YORK ? "America/New_York" : "Etc/UTC";
}

/* The n-th Sunday of a month, n from 1. 1970-01-01 was a Thursday. */
static int64_t sunday(int64_t year, int month, int64_t n)
{
    int64_t first = zone_day_of((struct zone_date){year, month, 1});
    int64_t weekday = ((first + 4) % 7 + 7) % 7;
    return first + (7 - weekday) % 7 + 7 * (n - 1);
}

/* New York: four hours behind from 2:00 on March's second Sunday to 2:00 on November's first. */
static int64_t offset_micros(enum zone zone, int64_t unix_micros)
{
    if (zone == ZONE_UTC)
        return 0;
    int64_t year = zone_date_of(floor_div(unix_micros - 5 * hour_micros, day_micros)).year;
    int64_t summer = sunday(year, 3, 2) * day_micros + 7 * hour_micros;
    int64_t winter = sunday(year, 11, 1) * day_micros + 6 * hour_micros;
    return (unix_micros >= summer && unix_micros < winter ? -4 : -5) * hour_micros;
}

/* In the hour that occurs twice, the first; in the one that is skipped, the moment after it. */
static int64_t from_local(enum zone zone, int64_t local_micros)
{
    if (zone == ZONE_UTC)
        return local_micros;
    int64_t summer = local_micros + 4 * hour_micros;
    return offset_micros(zone, summer) == -4 * hour_micros ? summer
                                                           : local_micros + 5 * hour_micros;
}

int64_t zone_day(enum zone zone, int64_t unix_micros)
{
    return floor_div(unix_micros + offset_micros(zone, unix_micros), day_micros);
}

int64_t zone_day_start(enum zone zone, int64_t day)
{
    return from_local(zone, day * day_micros);
}

void zone_date_text(int64_t day, char text[static ZONE_TEXT])
{
    struct zone_date date = zone_date_of(day);
    assert(date.year >= 0 && date.year <= 9999);
    snprintf(text, ZONE_TEXT, "%04d-%02d-%02d", (int)date.year, date.month, date.day);
}

void zone_text(enum zone zone, int64_t unix_micros, char text[static ZONE_TEXT])
{
    int64_t local = unix_micros + offset_micros(zone, unix_micros);
    int64_t day = floor_div(local, day_micros);
    int64_t rest = local - day * day_micros;
    struct zone_date date = zone_date_of(day);
    assert(date.year >= 0 && date.year <= 9999);
    snprintf(text, ZONE_TEXT, "%04d-%02d-%02d %02d:%02d:%02d.%06d", (int)date.year, date.month,
             date.day, (int)(rest / hour_micros), (int)(rest / (60 * second_micros) % 60),
             (int)(rest / second_micros % 60), (int)(rest % second_micros));
}

void zone_iso_text(enum zone zone, int64_t unix_micros, char text[static ZONE_TEXT])
{
    enum { length = sizeof "2026-11-21 14:03:05" - 1 };
    int offset = (int)(offset_micros(zone, unix_micros) / (60 * second_micros));
    int minutes = offset < 0 ? -offset : offset;
    zone_text(zone, unix_micros, text);
    text[10] = 'T';
    snprintf(text + length, ZONE_TEXT - length, "%c%02d:%02d", offset < 0 ? '-' : '+',
             minutes / 60 % 24, minutes % 60);
}

/* Exactly `count` digits; advances the text. */
static bool take_digits(const char **text, int count, int min, int max, int *ret_value)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        char c = (*text)[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    if (value < min || value > max)
        return false;
    *text += count;
    *ret_value = value;
    return true;
}

static bool take_char(const char **text, char expected)
{
    if (**text != expected)
        return false;
    ++*text;
    return true;
}

static bool take_date(const char **text, int64_t *ret_day)
{
    int year, month, day;
    if (!take_digits(text, 4, 1970, 9998, &year) || !take_char(text, '-')
        || !take_digits(text, 2, 1, 12, &month) || !take_char(text, '-')
        || !take_digits(text, 2, 1, 31, &day))
        return false;
    int64_t count = zone_day_of((struct zone_date){year, month, day});
    if (zone_date_of(count).day != day) /* 31 April */
        return false;
    *ret_day = count;
    return true;
}

static bool take_time(const char **text, int64_t *ret_micros)
{
    int hour, minute, second;
    if (!take_digits(text, 2, 0, 23, &hour) || !take_char(text, ':')
        || !take_digits(text, 2, 0, 59, &minute) || !take_char(text, ':')
        || !take_digits(text, 2, 0, 59, &second))
        return false;
    int64_t micros = ((hour * 60 + minute) * 60 + second) * second_micros;
    if (take_char(text, '.')) {
        int64_t unit = second_micros / 10;
        if (**text == '\0')
            return false;
        for (int digit; unit > 0 && take_digits(text, 1, 0, 9, &digit); unit /= 10)
            micros += digit * unit;
    }
    *ret_micros = micros;
    return true;
}

bool zone_parse(enum zone zone, const char *text, int64_t *ret_unix_micros)
{
    int64_t day, time = 0;
    if (!take_date(&text, &day))
        return false;
    if (take_char(&text, ' ') && !take_time(&text, &time))
        return false;
    if (*text)
        return false;
    *ret_unix_micros = from_local(zone, day * day_micros + time);
    return true;
}

bool zone_parse_iso(const char *text, int64_t *ret_unix_micros)
{
    int64_t day, time = 0;
    int hours = 0, minutes = 0;
    if (!take_date(&text, &day) || !take_char(&text, 'T') || !take_time(&text, &time))
        return false;
    bool west = *text == '-';
    if (!take_char(&text, 'Z')
        && ((!take_char(&text, '+') && !take_char(&text, '-'))
            || !take_digits(&text, 2, 0, 14, &hours) || !take_char(&text, ':')
            || !take_digits(&text, 2, 0, 59, &minutes)))
        return false;
    int64_t offset = (int64_t)(hours * 60 + minutes) * 60 * second_micros;
    *ret_unix_micros = day * day_micros + time + (west ? offset : -offset);
    return *text == '\0';
}
