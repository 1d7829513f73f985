/* clock: the calendar is counted in years that begin on 1 March, so that the leap day is the last
 * of its year, and in eras of 400 years, each of 146097 days. */
#include "clock.h"

#include <assert.h>
#include <time.h>

static const int64_t micros_a_second = 1000000;
static const int64_t seconds_a_day = 86400;
static const int64_t days_an_era = 146097;
static const int64_t epoch_day = 719468; /* 1970-01-01, counted from 0000-03-01 */
static const int64_t unix_micros_min = -62135596800 * 1000000;     /* 0001-01-01 */
static const int64_t unix_micros_max = 253402300800 * 1000000 - 1; /* end of 9999 */

int64_t clock_boot_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t clock_boot_ms(void)
{
    return clock_boot_ns() / 1000000;
}

int64_t clock_unix_micros(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * micros_a_second + now.tv_nsec / 1000;
}

/* Rounds down, also below zero; divisor > 0. */
static int64_t divide_down(int64_t number, int64_t divisor)
{
    return number / divisor - (number % divisor < 0);
}

int64_t clock_days(int64_t year, int64_t month, int64_t day)
{
    assert(month >= 1 && month <= 12);

    if (month <= 2)
        year--;
    int64_t era = divide_down(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t month_from_march = (month + 9) % 12;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * days_an_era + day_of_era - epoch_day;
}

/* Writes the last `width` decimal digits of number, and gives the place behind them. */
static char *put_digits(char *text, int64_t number, int width)
{
    for (int i = width; i-- > 0; number /= 10)
        text[i] = (char)('0' + number % 10);
    return text + width;
}

static char *put_date(char *text, int64_t unix_days)
{
    int64_t days = unix_days + epoch_day;
    int64_t era = divide_down(days, days_an_era);
    int64_t day_of_era = days - era * days_an_era;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    text = put_digits(text, year_of_era + era * 400 + (month <= 2), 4);
    *text++ = '-';
    text = put_digits(text, month, 2);
    *text++ = '-';
    return put_digits(text, day_of_year - (153 * month_from_march + 2) / 5 + 1, 2);
}

void clock_text(int64_t unix_micros, char text[static CLOCK_TEXT])
{
    if (unix_micros < unix_micros_min)
        unix_micros = unix_micros_min;
    if (unix_micros > unix_micros_max)
        unix_micros = unix_micros_max;
    int64_t seconds = divide_down(unix_micros, micros_a_second);
    int64_t days = divide_down(seconds, seconds_a_day);
    int64_t second_of_day = seconds - days * seconds_a_day;

    char *at = put_date(text, days);
    *at++ = 'T';
    at = put_digits(at, second_of_day / 3600, 2);
    *at++ = ':';
    at = put_digits(at, second_of_day / 60 % 60, 2);
    *at++ = ':';
    at = put_digits(at, second_of_day % 60, 2);
    *at++ = '.';
    at = put_digits(at, unix_micros - seconds * micros_a_second, 6);
    *at++ = 'Z';
    *at = '\0';
}
