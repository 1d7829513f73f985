/* clock: the two times there are. Core code takes time as an argument instead. */
#pragma once

#include <stdint.h>

int64_t clock_boot_ms(void); /* never jumps; counts suspended time; for time-outs and fences */
int64_t clock_boot_ns(void);
int64_t clock_unix_micros(void); /* for people and rows */

/* "2026-11-20T10:00:00.123456Z". The form has years 0001 to 9999; a time outside them is shown as
 * the nearest that is inside. */
enum { CLOCK_TEXT = 28 };
void clock_text(int64_t unix_micros, char text[static CLOCK_TEXT]);

/* Days since 1970-01-01 of a date of the Gregorian calendar (month 1..12, day 1..31). */
int64_t clock_days(int64_t year, int64_t month, int64_t day);
