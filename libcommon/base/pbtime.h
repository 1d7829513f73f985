/* pbtime: the text forms that proto3 JSON has for google.protobuf.Timestamp and Duration. */
#pragma once

#include "err.h"

#include <stdint.h>

/* Seconds and nanos as the two messages keep them. */
struct pbtime {
    int64_t seconds;
    int32_t nanos;
};

enum { PBTIME_TEXT = 40 };

/* Is it one of the two messages? Their fields are seconds = 1 and nanos = 2. */
bool pbtime_is(const char *message_name);

/* "2026-11-20T10:00:00.123Z"; years 0001 to 9999. Reading takes an offset such as +02:00 too. */
bool pbtime_timestamp_read(const char *text, struct pbtime *ret_time) MUST_CHECK;
bool pbtime_timestamp_write(struct pbtime time, char text[static PBTIME_TEXT]) MUST_CHECK;
/* "-3.500s"; up to 10 000 years either way. */
bool pbtime_duration_read(const char *text, struct pbtime *ret_time) MUST_CHECK;
bool pbtime_duration_write(struct pbtime time, char text[static PBTIME_TEXT]) MUST_CHECK;
