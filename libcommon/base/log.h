/* log: JSON lines on stderr: time, level, service, what this thread is working on, msg, fields.
 *
 * Only services and the service frame log; libcommon's other parts return err. error = a person
 * must act, warn = a message failed, info = a state changed, debug is off unless AELP2_LOG=debug.
 *
 *     log_info("started", LOG_TEXT("stream", name), LOG_INT("consumers", count)); */
#pragma once

#include "err.h"

#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_field {
    const char *name;
    enum { LOG_FIELD_END, LOG_FIELD_TEXT, LOG_FIELD_INT, LOG_FIELD_REAL } type;
    union {
        const char *text;
        int64_t number;
        double real;
    };
};

#define LOG_TEXT(field, value) \
    ((struct log_field){.name = (field), .type = LOG_FIELD_TEXT, .text = (value)})
#define LOG_INT(field, value) \
    ((struct log_field){.name = (field), .type = LOG_FIELD_INT, .number = (value)})
#define LOG_REAL(field, value) \
    ((struct log_field){.name = (field), .type = LOG_FIELD_REAL, .real = (value)})

#define LOG_FIELDS(...) ((const struct log_field[]){__VA_ARGS__ __VA_OPT__(, ){0}})
#define log_debug(message, ...) log_write(LOG_DEBUG, message, LOG_FIELDS(__VA_ARGS__))
#define log_info(message, ...) log_write(LOG_INFO, message, LOG_FIELDS(__VA_ARGS__))
#define log_warn(message, ...) log_write(LOG_WARN, message, LOG_FIELDS(__VA_ARGS__))
#define log_error(message, ...) log_write(LOG_ERROR, message, LOG_FIELDS(__VA_ARGS__))

void log_open(const char *service); /* once, before the threads start */
/* What this thread is at; each may be NULL; borrowed until the next call. */
void log_context(const char *subject, const char *message_id, const char *saga);
void log_write(enum log_level level, const char *message, const struct log_field fields[]);
