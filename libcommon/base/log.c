/* log: a line is built on the stack and leaves in one write(2) of at most PIPE_BUF, so that lines
 * of many processes never mix in a shared pipe, and nothing here allocates. What does not fit is
 * cut: a long text ends in "...", a field without room is left out and "cut":true says so. */
#include "log.h"

#include "clock.h"
#include "utf8.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char line_end[] = ",\"cut\":true}\n";

enum { text_max = 1024, context_max = 256, line_max = PIPE_BUF - sizeof line_end };

struct line {
    size_t length;
    bool cut;
    char text[PIPE_BUF];
};

static const char *const level_names[] = {
    [LOG_DEBUG] = "debug",
    [LOG_INFO] = "info",
    [LOG_WARN] = "warn",
    [LOG_ERROR] = "error",
};

/* Of the process, set once before the threads start. */
static const char *service_name = "";
static enum log_level level_min = LOG_INFO;

static _Thread_local struct {
    const char *subject, *message_id, *saga;
} context;

void log_open(const char *service)
{
    service_name = service;
    level_min = LOG_INFO;
    const char *wanted = getenv("AELP2_LOG");
    for (enum log_level level = LOG_DEBUG; wanted && level <= LOG_ERROR; level++)
        if (strcmp(wanted, level_names[level]) == 0)
            level_min = level;
}

void log_context(const char *subject, const char *message_id, const char *saga)
{
    context.subject = subject;
    context.message_id = message_id;
    context.saga = saga;
}

static bool add(struct line *line, const void *bytes, size_t length)
{
    if (length > line_max - line->length)
        return false;
    memcpy(line->text + line->length, bytes, length);
    line->length += length;
    return true;
}

static bool add_format(struct line *line, const char *format, ...) PRINTF_LIKE(2, 3);
static bool add_format(struct line *line, const char *format, ...)
{
    char text[40];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return length >= 0 && (size_t)length < sizeof text && add(line, text, (size_t)length);
}

/* One character as it stands in a JSON string; a broken byte becomes U+FFFD. */
static bool add_character(struct line *line, struct bytes text, size_t step)
{
    uint8_t byte = text.data[0];
    if (step == 0)
        return add(line, "\xef\xbf\xbd", 3);
    if (byte == '"' || byte == '\\')
        return add(line, (const char[]){'\\', (char)byte}, 2);
    if (byte < 0x20 || byte == 0x7f)
        return add_format(line, "\\u%04x", byte);
    return add(line, text.data, step);
}

static bool add_text(struct line *line, const char *value, size_t length_max)
{
    struct bytes text = bytes_of_text(value ? value : "");
    size_t end = line->length + length_max;
    bool fits = add(line, "\"", 1);
    while (fits && text.length > 0) {
        if (line->length > end)
            return add(line, "...\"", 4);
        size_t step = utf8_step(text);
        fits = add_character(line, text, step);
        size_t taken = step ? step : 1;
        text = bytes_of(text.data + taken, text.length - taken);
    }
    return fits && add(line, "\"", 1);
}

/* JSON has no word for infinity or not-a-number. */
static bool add_real(struct line *line, double real)
{
    return add_format(line, isfinite(real) ? "%.15g" : "\"%f\"", real);
}

static bool add_value(struct line *line, const struct log_field *field, size_t length_max)
{
    if (field->type == LOG_FIELD_INT)
        return add_format(line, "%lld", (long long)field->number);
    if (field->type == LOG_FIELD_REAL)
        return add_real(line, field->real);
    return add_text(line, field->text, length_max);
}

static void add_field(struct line *line, const struct log_field *field, size_t length_max)
{
    size_t before = line->length;
    if (add(line, before == 0 ? "{" : ",", 1) && add_text(line, field->name, context_max)
        && add(line, ":", 1) && add_value(line, field, length_max))
        return;
    line->length = before;
    line->cut = true;
}

static void add_named(struct line *line, const char *name, const char *value, size_t length_max)
{
    if (value)
        add_field(line, &LOG_TEXT(name, value), length_max);
}

void log_write(enum log_level level, const char *message, const struct log_field fields[])
{
    if (level < level_min)
        return;

    char now[CLOCK_TEXT];
    clock_text(clock_unix_micros(), now);
    struct line line = {.length = 0};
    add_named(&line, "time", now, context_max);
    add_named(&line, "level", level_names[level], context_max);
    add_named(&line, "service", service_name, context_max);
    add_named(&line, "subject", context.subject, context_max);
    add_named(&line, "message_id", context.message_id, context_max);
    add_named(&line, "saga", context.saga, context_max);
    add_named(&line, "msg", message, text_max);
    for (const struct log_field *field = fields; field->type != LOG_FIELD_END; field++)
        add_field(&line, field, text_max);

    const char *end = line.cut ? line_end : "}\n";
    memcpy(line.text + line.length, end, strlen(end));
    /* Nobody is left to tell when stderr is gone. */
    ssize_t ignored = write(STDERR_FILENO, line.text, line.length + strlen(end));
    (void)ignored;
}
