/* source: what is known of a source before it is asked: its levels, how long it restates days, and
 * which days to read when. Pure; days are the account's own, counted from 1970-01-01. */
#pragma once

#include "report.h"

enum { SOURCE_LEVELS_MAX = 2, SOURCE_DAYS_MAX = 1100, SOURCE_NEVER = INT32_MIN };

struct source {
    const char *name;      /* what stands before the / of an account */
    int32_t restates_days; /* after so many a day stays as it is */
    int32_t task_days;     /* so many are asked for at once */
    enum report_level levels[SOURCE_LEVELS_MAX];
    size_t level_count;
};

extern const struct source sources[];
extern const size_t source_count;

const struct source *source_find(const char *name); /* NULL: there is none */
/* The source of "google/1234567890". */
const struct source *source_of(const char *account);

/* Both included. */
struct window {
    int32_t from, to;
};

/* What a nightly pull reads: all days up to yesterday that may still change, and those that might
 * have changed since the last whole pull, which ended with day `last`, or is SOURCE_NEVER. */
struct window source_window(const struct source *source, int32_t today, int32_t last);
/* The i-th task of a window, newest days first; false: there are no more. */
bool source_task(const struct source *source, struct window window, size_t i,
                 struct window *ret_task) MUST_CHECK;

/* How long to wait after so many failures. */
int64_t source_retry_ms(int32_t tries);

const char *source_level_name(enum report_level level); /* "campaigns" */
bool source_level_find(const char *name, enum report_level *ret_level) MUST_CHECK;

/* YYYY-MM-DD. */
bool source_day_read(const char *text, int32_t *ret_day) MUST_CHECK;
