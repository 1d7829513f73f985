/* wire: members of a proto3 JSON message, as tolerantly as the platforms read them: names in
 * lowerCamel or snake_case, 64-bit integers as strings or numbers, enums as names or numbers,
 * null as absent. */
#pragma once

#include "schema.h"

#include <jansson.h>

json_t *wire_member(const json_t *object, const char *snake); /* NULL: absent or null */
bool wire_int64(const json_t *json, int64_t *ret_value) MUST_CHECK;
bool wire_enum(const json_t *json, const struct enum_type *type, int *ret_number) MUST_CHECK;
/* Absent is false. */
bool wire_flag(const json_t *object, const char *snake);
/* Is `name` that snake_case name, in either form? */
bool wire_same_name(const char *snake, const char *name, size_t length);
