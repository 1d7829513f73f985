/* clock: the two times there are. Core code takes time as an argument instead. */
#pragma once

#include <stdint.h>

int64_t clock_boot_ms(void);    /* never jumps; counts suspended time; for time-outs and fences */
int64_t clock_boot_ns(void);
int64_t clock_unix_micros(void); /* for people and rows */
/* "2026-11-20T10:00:00.123456Z" */
enum { CLOCK_TEXT = 28 };
void clock_text(int64_t unix_micros, char text[static CLOCK_TEXT]);
