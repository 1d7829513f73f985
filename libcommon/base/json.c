/* json: the depth is counted before jansson sees the text, because its own limit is 2048 levels. */
#include "json.h"

#include "utf8.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool too_deep(struct bytes text)
{
    size_t depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < text.length; i++) {
        uint8_t byte = text.data[i];
        if (in_string && byte == '\\')
            i++;
        else if (byte == '"')
            in_string = !in_string;
        else if (!in_string && (byte == '{' || byte == '['))
            depth++;
        else if (!in_string && (byte == '}' || byte == ']') && depth > 0)
            depth--;
        if (depth > JSON_DEPTH_MAX)
            return true;
    }
    return false;
}

bool json_parse(struct bytes text, size_t bytes_max, json_t **ret_json, struct err *err)
{
    if (text.length > bytes_max)
        return err_set(err, ERR_REJECT, "JSON: %zu bytes, at most %zu", text.length, bytes_max);
    if (too_deep(text))
        return err_set(err, ERR_REJECT, "JSON: more than %d levels", JSON_DEPTH_MAX);
    json_error_t error;
    json_t *json = json_loadb(text.length ? (const char *)text.data : "", text.length,
                              JSON_REJECT_DUPLICATES, &error);
    if (!json)
        return err_set(err, ERR_REJECT, "JSON: line %d, column %d: %s", error.line, error.column,
                       error.text);
    *ret_json = json;
    return true;
}

static int append(const char *bytes, size_t length, void *text)
{
    buffer_add(text, bytes, length);
    return 0;
}

void json_write(const json_t *json, struct buffer *text)
{
    int failed =
        json_dump_callback(json, append, text, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    assert(!failed);
}

static void write_byte(uint8_t byte, struct buffer *text)
{
    if (byte == '"' || byte == '\\')
        buffer_format(text, "\\%c", byte);
    else if (byte < 0x20 || byte == 0x7f)
        buffer_format(text, "\\u%04x", byte);
    else
        buffer_add(text, &byte, 1);
}

static bool plain(uint8_t byte)
{
    return byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7f;
}

bool json_write_text(struct bytes value, struct buffer *text)
{
    if (!utf8_valid(value))
        return false;
    buffer_add(text, "\"", 1);
    for (size_t i = 0; i < value.length;) {
        size_t run = 0;
        while (i + run < value.length && plain(value.data[i + run]))
            run++;
        buffer_add(text, value.data + i, run);
        i += run;
        if (i < value.length)
            write_byte(value.data[i++], text);
    }
    buffer_add(text, "\"", 1);
    return true;
}

static bool need(const json_t *object, const char *name, json_t **ret_member, struct err *err)
{
    if (!json_is_object(object))
        return err_set(err, ERR_REJECT, "%s: not inside an object", name);
    json_t *member = json_object_get(object, name);
    if (!member || json_is_null(member))
        return err_set(err, ERR_REJECT, "%s: required", name);
    *ret_member = member;
    return true;
}

bool json_need_text(const json_t *object, const char *name, size_t bytes_max, const char **ret_text,
                    struct err *err)
{
    json_t *member = NULL;
    if (!need(object, name, &member, err))
        return false;
    if (!json_is_string(member))
        return err_set(err, ERR_REJECT, "%s: must be a text", name);
    if (json_string_length(member) > bytes_max)
        return err_set(err, ERR_REJECT, "%s: %zu bytes, at most %zu", name,
                       json_string_length(member), bytes_max);
    *ret_text = json_string_value(member);
    return true;
}

static bool whole_number(const json_t *json, int64_t *ret_number)
{
    if (json_is_integer(json)) {
        *ret_number = json_integer_value(json);
        return true;
    }
    const char *text = json_string_value(json);
    const char *digits = text && *text == '-' ? text + 1 : text;
    if (!digits || *digits < '0' || *digits > '9')
        return false;
    char *end = NULL;
    errno = 0;
    *ret_number = strtoll(text, &end, 10);
    return *end == '\0' && errno == 0;
}

bool json_need_int(const json_t *object, const char *name, int64_t min, int64_t max,
                   int64_t *ret_number, struct err *err)
{
    json_t *member = NULL;
    int64_t number = 0;
    if (!need(object, name, &member, err))
        return false;
    if (!whole_number(member, &number))
        return err_set(err, ERR_REJECT, "%s: must be a whole number", name);
    if (number < min || number > max)
        return err_set(err, ERR_REJECT, "%s: %" PRId64 " is not in %" PRId64 "..%" PRId64, name,
                       number, min, max);
    *ret_number = number;
    return true;
}
