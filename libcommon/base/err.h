/* err: what went wrong, and what the message loop should do about it.
 *
 * A function that can fail returns bool and takes `struct err *` last. The text is
 * written once, where the failure is seen; callers only put context in front of it.
 * Nothing here allocates, so reporting a failure cannot itself fail. */
#pragma once

#include <stdbool.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(format_at, args_at) __attribute__((format(printf, format_at, args_at)))

enum err_kind {
    ERR_NONE,
    ERR_REJECT, /* the message is wrong: redelivery cannot help, so park it */
    ERR_RETRY,  /* the world is not ready: redeliver later */
    ERR_FATAL,  /* this process is wrong: exit, and let the platform restart it */
};

struct err {
    enum err_kind kind;
    char text[480];
};

/* Both return false, so a caller writes `return err_set(...)`. */
bool err_set(struct err *err, enum err_kind kind, const char *format, ...) PRINTF_LIKE(3, 4);
bool err_context(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);
