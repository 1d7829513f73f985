#include "json_writer.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void begin_value(struct json_writer *writer)
{
    if (writer->comma)
        buffer_add(writer->out, ",", 1);
    writer->comma = true;
}

static void add_escaped(struct buffer *out, const char *text)
{
    buffer_add(out, "\"", 1);
    const char *plain = text; /* start of the run not yet written */
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buffer_add(out, plain, (size_t)(text - plain));
        if (c == '"' || c == '\\')
            buffer_format(out, "\\%c", c);
        else
            buffer_format(out, "\\u%04x", c);
        plain = text + 1;
    }
    buffer_add(out, plain, (size_t)(text - plain));
    buffer_add(out, "\"", 1);
}

void writer_open(struct json_writer *writer, char bracket)
{
    assert(bracket == '{' || bracket == '[');
    begin_value(writer);
    buffer_add(writer->out, &bracket, 1);
    writer->comma = false;
}

void writer_close(struct json_writer *writer, char bracket)
{
    assert(bracket == '}' || bracket == ']');
    buffer_add(writer->out, &bracket, 1);
    writer->comma = true;
}

void writer_key(struct json_writer *writer, const char *name)
{
    begin_value(writer);
    add_escaped(writer->out, name);
    buffer_add(writer->out, ":", 1);
    writer->comma = false;
}

void writer_camel_key(struct json_writer *writer, const char *snake)
{
    begin_value(writer);
    buffer_add(writer->out, "\"", 1);
    buffer_add_camel(writer->out, snake);
    buffer_add(writer->out, "\":", 2);
    writer->comma = false;
}

void writer_text(struct json_writer *writer, const char *text)
{
    begin_value(writer);
    add_escaped(writer->out, text);
}

void writer_int64(struct json_writer *writer, int64_t value)
{
    begin_value(writer);
    buffer_format(writer->out, "\"%" PRId64 "\"", value);
}

void writer_number(struct json_writer *writer, int64_t value)
{
    begin_value(writer);
    buffer_format(writer->out, "%" PRId64, value);
}

void writer_real(struct json_writer *writer, double value)
{
    char text[32];
    begin_value(writer);
    snprintf(text, sizeof text, "%.15g", value);
    if (strtod(text, NULL) != value) /* what reads back as the same */
        snprintf(text, sizeof text, "%.17g", value);
    buffer_add_text(writer->out, text);
}

void writer_bool(struct json_writer *writer, bool value)
{
    writer_raw(writer, value ? "true" : "false");
}

void writer_raw(struct json_writer *writer, const char *json)
{
    begin_value(writer);
    buffer_add_text(writer->out, json);
}

void buffer_add_camel(struct buffer *out, const char *snake)
{
    for (; *snake; snake++) {
        if (*snake == '_' && snake[1]) {
            snake++;
            char upper = (char)toupper((unsigned char)*snake);
            buffer_add(out, &upper, 1);
        } else {
            buffer_add(out, snake, 1);
        }
    }
}
