/* pbtime: fractions are written with 0, 3, 6 or 9 digits, and read with 1 to 9. */
#include "pbtime.h"

#include "clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t timestamp_min = -62135596800; /* 0001-01-01T00:00:00Z */
static const int64_t timestamp_max = 253402300799; /* 9999-12-31T23:59:59Z */
static const int64_t duration_max = 315576000000;
static const int32_t nanos_max = 999999999;

bool pbtime_is(const char *message_name)
{
    return strcmp(message_name, "google.protobuf.Timestamp") == 0
        || strcmp(message_name, "google.protobuf.Duration") == 0;
}

static bool digit(char character)
{
    return character >= '0' && character <= '9';
}

/* Exactly `count` digits, then `after`; moves behind both. */
static bool take_number(const char **text, int count, char after, int64_t *ret_number)
{
    int64_t number = 0;
    for (int i = 0; i < count; i++, (*text)++) {
        if (!digit(**text))
            return false;
        number = number * 10 + (**text - '0');
    }
    if (after && *(*text)++ != after)
        return false;
    *ret_number = number;
    return true;
}

/* Nothing, or a point and 1 to 9 digits. */
static bool take_fraction(const char **text, int32_t *ret_nanos)
{
    int32_t nanos = 0;
    if (**text == '.') {
        int count = 0;
        for ((*text)++; digit(**text); (*text)++, count++) {
            if (count == 9)
                return false;
            nanos = nanos * 10 + (**text - '0');
        }
        if (count == 0)
            return false;
        for (; count < 9; count++)
            nanos *= 10;
    }
    *ret_nanos = nanos;
    return true;
}

/* "Z", "+02:00" or "-05:30", and the end. */
static bool take_offset(const char *text, int64_t *ret_seconds)
{
    int64_t hours = 0, minutes = 0;
    char sign = *text++;
    if (sign == 'Z') {
        *ret_seconds = 0;
        return *text == '\0';
    }
    if ((sign != '+' && sign != '-') || !take_number(&text, 2, ':', &hours)
        || !take_number(&text, 2, '\0', &minutes) || *text || hours > 23 || minutes > 59)
        return false;
    *ret_seconds = (hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
    return true;
}

static bool take_date(const char **text, int64_t *ret_days)
{
    int64_t year = 0, month = 0, day = 0;
    if (!take_number(text, 4, '-', &year) || !take_number(text, 2, '-', &month)
        || !take_number(text, 2, 'T', &day) || month < 1 || month > 12 || day < 1)
        return false;
    int64_t next = month == 12 ? clock_days(year + 1, 1, 1) : clock_days(year, month + 1, 1);
    *ret_days = clock_days(year, month, day);
    return *ret_days < next;
}

bool pbtime_timestamp_read(const char *text, struct pbtime *ret_time)
{
    struct pbtime time;
    int64_t days = 0, hour = 0, minute = 0, second = 0, offset = 0;
    if (!take_date(&text, &days) || !take_number(&text, 2, ':', &hour)
        || !take_number(&text, 2, ':', &minute) || !take_number(&text, 2, '\0', &second)
        || !take_fraction(&text, &time.nanos) || !take_offset(text, &offset) || hour > 23
        || minute > 59 || second > 59)
        return false;
    time.seconds = days * 86400 + hour * 3600 + minute * 60 + second - offset;
    if (time.seconds < timestamp_min || time.seconds > timestamp_max)
        return false;
    *ret_time = time;
    return true;
}

static void write_fraction(int32_t nanos, char *text, size_t size)
{
    if (nanos == 0)
        *text = '\0';
    else if (nanos % 1000000 == 0)
        snprintf(text, size, ".%03d", nanos / 1000000);
    else if (nanos % 1000 == 0)
        snprintf(text, size, ".%06d", nanos / 1000);
    else
        snprintf(text, size, ".%09d", nanos);
}

bool pbtime_timestamp_write(struct pbtime time, char text[static PBTIME_TEXT])
{
    if (time.seconds < timestamp_min || time.seconds > timestamp_max || time.nanos < 0
        || time.nanos > nanos_max)
        return false;
    char whole[CLOCK_TEXT], fraction[12];
    clock_text(time.seconds * 1000000, whole);
    write_fraction(time.nanos, fraction, sizeof fraction);
    snprintf(text, PBTIME_TEXT, "%.19s%sZ", whole, fraction);
    return true;
}

bool pbtime_duration_read(const char *text, struct pbtime *ret_time)
{
    int sign = *text == '-' ? -1 : 1;
    if (sign < 0)
        text++;
    if (!digit(*text))
        return false;
    struct pbtime time = {0};
    for (; digit(*text) && time.seconds <= duration_max; text++)
        time.seconds = time.seconds * 10 + (*text - '0');
    if (!take_fraction(&text, &time.nanos) || strcmp(text, "s") != 0 || time.seconds > duration_max)
        return false;
    *ret_time = (struct pbtime){time.seconds * sign, time.nanos * sign};
    return true;
}

bool pbtime_duration_write(struct pbtime time, char text[static PBTIME_TEXT])
{
    if (time.seconds < -duration_max || time.seconds > duration_max || time.nanos < -nanos_max
        || time.nanos > nanos_max || (time.seconds > 0 && time.nanos < 0)
        || (time.seconds < 0 && time.nanos > 0))
        return false;
    char fraction[12];
    write_fraction(abs(time.nanos), fraction, sizeof fraction);
    bool negative = time.seconds < 0 || time.nanos < 0;
    snprintf(text, PBTIME_TEXT, "%s%" PRId64 "%ss", negative ? "-" : "",
             time.seconds < 0 ? -time.seconds : time.seconds, fraction);
    return true;
}
