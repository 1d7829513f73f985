/* zone: an ad account's local calendar: which day it is there, and its "2026-11-21 14:03:05".
 *
 * Pure: the rules of the few zones the world has are computed here, so that no process-wide TZ is
 * read or set. A day is a count of days since 1970-01-01. */
#pragma once

#include "err.h"

#include <stdint.h>

enum zone { ZONE_UTC, ZONE_NEW_YORK };
enum { ZONE_TEXT = 32 };

struct zone_date {
    int64_t year;
    int month, day; /* 1..12, 1..31 */
};

int64_t zone_day_of(struct zone_date date);
struct zone_date zone_date_of(int64_t day);

const char *zone_name(enum zone zone); /* "America/New_York" */
int64_t zone_day(enum zone zone, int64_t unix_micros);
int64_t zone_day_start(enum zone zone, int64_t day);           /* unix micros of local midnight */
void zone_date_text(int64_t day, char text[static ZONE_TEXT]); /* "2026-11-21" */
/* "2026-11-21 14:03:05.123456" */
void zone_text(enum zone zone, int64_t unix_micros, char text[static ZONE_TEXT]);
/* "2026-11-21T14:03:05-05:00" */
void zone_iso_text(enum zone zone, int64_t unix_micros, char text[static ZONE_TEXT]);
/* "2026-11-21T14:03:05-05:00", or with a Z. */
bool zone_parse_iso(const char *text, int64_t *ret_unix_micros) MUST_CHECK;
/* A local "2026-11-21" (its midnight), "2026-11-21 14:03:05" or the same with a fraction. */
bool zone_parse(enum zone zone, const char *text, int64_t *ret_unix_micros) MUST_CHECK;
