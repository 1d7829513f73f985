#include "wire.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* The next letter of a snake_case name's camelCase form; moves past what it stands for. */
static char next_camel(const char **snake)
{
    char letter = *(*snake)++;
    if (letter != '_' || !**snake)
        return letter;
    return (char)toupper((unsigned char)*(*snake)++);
}

bool wire_same_name(const char *snake, const char *name, size_t length)
{
    if (strncmp(snake, name, length) == 0 && snake[length] == '\0')
        return true;
    for (size_t i = 0; i < length; i++) {
        char expected = next_camel(&snake);
        if (!expected || name[i] != expected)
            return false;
    }
    return *snake == '\0';
}

json_t *wire_member(const json_t *object, const char *snake)
{
    json_t *json = json_object_get(object, snake);
    char camel[96];
    size_t length = 0;
    for (const char *rest = snake; *rest && !json && length < sizeof camel - 1;)
        camel[length++] = next_camel(&rest);
    camel[length] = '\0';
    if (!json)
        json = json_object_get(object, camel);
    return json_is_null(json) ? NULL : json;
}

bool wire_int64(const json_t *json, int64_t *ret_value)
{
    if (json_is_integer(json)) {
        *ret_value = json_integer_value(json);
        return true;
    }
    const char *text = json_string_value(json);
    if (!text || !*text || strspn(text, "-0123456789") != strlen(text))
        return false;
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (*end || errno)
        return false;
    *ret_value = value;
    return true;
}

bool wire_enum(const json_t *json, const struct enum_type *type, int *ret_number)
{
    if (json_is_string(json))
        return enum_number(type, json_string_value(json), ret_number);
    json_int_t number = json_integer_value(json);
    if (!json_is_integer(json) || number < 0 || number > INT_MAX
        || strcmp(enum_name(type, (int)number), "UNSPECIFIED") == 0)
        return false;
    *ret_number = (int)number;
    return true;
}

bool wire_flag(const json_t *object, const char *snake)
{
    return json_is_true(wire_member(object, snake));
}
