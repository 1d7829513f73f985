#include "slack_blocks.h"

#include "mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { id_max = 255, pointer_text = 120 };

/* Where the check is in the message, and what it found. */
struct at {
    char pointer[pointer_text];
    char *why;
};

static bool complain(const struct at *at, const char *format, ...) PRINTF_LIKE(2, 3);
static bool complain(const struct at *at, const char *format, ...)
{
    char text[80];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    snprintf(at->why, SLACK_WHY_TEXT, "[ERROR] %s [json-pointer:%s]", text, at->pointer);
    return false;
}

static struct at below(const struct at *at, const char *name)
{
    struct at inner = {.why = at->why};
    snprintf(inner.pointer, sizeof inner.pointer, "%.80s/%s", at->pointer, name);
    return inner;
}

static struct at element(const struct at *at, size_t index)
{
    char name[24];
    snprintf(name, sizeof name, "%zu", index);
    return below(at, name);
}

size_t slack_text_length(const char *text)
{
    size_t length = 0;
    for (; *text; text++)
        length += ((unsigned char)*text & 0xC0) != 0x80;
    return length;
}

static bool check_string(const struct at *at, const json_t *parent, const char *name, size_t max,
                         bool required)
{
    struct at here = below(at, name);
    const json_t *json = json_object_get(parent, name);
    if (!json)
        return !required || complain(&here, "missing required field: %s", name);
    if (!json_is_string(json))
        return complain(&here, "must be a string");
    size_t length = slack_text_length(json_string_value(json));
    if (length > max)
        return complain(&here, "must be less than %zu characters", max + 1);
    return !required || length > 0 || complain(&here, "must be more than 0 characters");
}

/* A text object; plain: plain_text only. */
static bool check_text(const struct at *at, const json_t *parent, const char *name, size_t max,
                       bool plain, bool required)
{
    struct at here = below(at, name);
    const json_t *json = json_object_get(parent, name);
    if (!json)
        return !required || complain(&here, "missing required field: %s", name);
    const char *type = json_string_value(json_object_get(json, "type"));
    bool known =
        type && (strcmp(type, "plain_text") == 0 || (!plain && strcmp(type, "mrkdwn") == 0));
    if (!known)
        return complain(&here, "must be a %s object", plain ? "plain_text" : "text");
    return check_string(&here, json, "text", max, true);
}

static bool check_confirm(const struct at *at, const json_t *parent)
{
    struct at here = below(at, "confirm");
    const json_t *json = json_object_get(parent, "confirm");
    return !json
        || (check_text(&here, json, "title", 100, true, true)
            && check_text(&here, json, "text", 300, false, true)
            && check_text(&here, json, "confirm", 30, true, true)
            && check_text(&here, json, "deny", 30, true, true));
}

static bool check_options(const struct at *at, const json_t *parent)
{
    struct at here = below(at, "options");
    const json_t *options = json_object_get(parent, "options");
    if (options && json_array_size(options) > 100)
        return complain(&here, "no more than 100 items allowed");
    for (size_t i = 0; i < json_array_size(options); i++) {
        struct at option = element(&here, i);
        if (!check_text(&option, json_array_get(options, i), "text", 75, false, true)
            || !check_string(&option, json_array_get(options, i), "value", 150, true))
            return false;
    }
    return true;
}

static bool check_element(const struct at *at, const json_t *json)
{
    const char *type = json_string_value(json_object_get(json, "type"));
    if (!type)
        return complain(at, "missing required field: type");
    if (!check_string(at, json, "action_id", id_max, false) || !check_confirm(at, json)
        || !check_options(at, json))
        return false;
    return strcmp(type, "button") != 0
        || (check_text(at, json, "text", 75, true, true)
            && check_string(at, json, "value", 2000, false)
            && check_string(at, json, "url", 3000, false));
}

static bool check_elements(const struct at *at, const json_t *block, size_t max, bool texts)
{
    struct at here = below(at, "elements");
    const json_t *elements = json_object_get(block, "elements");
    size_t count = json_array_size(elements);
    if (count == 0)
        return complain(&here, "must provide at least one element");
    if (count > max)
        return complain(&here, "no more than %zu items allowed", max);
    for (size_t i = 0; i < count; i++) {
        struct at item = element(&here, i);
        if (!texts && !check_element(&item, json_array_get(elements, i)))
            return false;
    }
    return true;
}

static bool check_section(const struct at *at, const json_t *block)
{
    struct at here = below(at, "fields");
    const json_t *fields = json_object_get(block, "fields");
    if (!check_text(at, block, "text", 3000, false, !fields))
        return false;
    if (json_array_size(fields) > 10)
        return complain(&here, "no more than 10 items allowed");
    for (size_t i = 0; i < json_array_size(fields); i++) {
        json_t *wrapped = json_pack("{s:O}", "text", json_array_get(fields, i));
        struct at field = element(&here, i);
        bool ok = check_text(&field, wrapped, "text", 2000, false, true);
        json_decref(wrapped);
        if (!ok)
            return false;
    }
    struct at accessory = below(at, "accessory");
    const json_t *inner = json_object_get(block, "accessory");
    return !inner || check_element(&accessory, inner);
}

static bool check_block(const struct at *at, const json_t *block)
{
    const char *type = json_string_value(json_object_get(block, "type"));
    if (!type)
        return complain(at, "missing required field: type");
    if (!check_string(at, block, "block_id", id_max, false))
        return false;
    if (strcmp(type, "section") == 0)
        return check_section(at, block);
    if (strcmp(type, "header") == 0)
        return check_text(at, block, "text", 150, true, true);
    if (strcmp(type, "actions") == 0)
        return check_elements(at, block, 25, false);
    if (strcmp(type, "context") == 0)
        return check_elements(at, block, 10, true);
    if (strcmp(type, "input") == 0)
        return check_text(at, block, "label", 2000, true, true);
    static const char *const others[] = {"divider", "image", "rich_text", "video", "markdown"};
    for (size_t i = 0; i < COUNT(others); i++)
        if (strcmp(type, others[i]) == 0)
            return true;
    return complain(at, "unsupported type: %.40s", type);
}

bool slack_blocks_check(const json_t *blocks, size_t count_max, char why[static SLACK_WHY_TEXT])
{
    struct at at = {.pointer = "/blocks", .why = why};
    if (!json_is_array(blocks))
        return complain(&at, "must be an array");
    if (json_array_size(blocks) > count_max)
        return complain(&at, "no more than %zu items allowed", count_max);
    for (size_t i = 0; i < json_array_size(blocks); i++) {
        struct at here = element(&at, i);
        if (!check_block(&here, json_array_get(blocks, i)))
            return false;
    }
    return true;
}
