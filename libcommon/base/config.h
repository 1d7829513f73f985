/* config: the environment, read once at startup into a struct by one table per service.
 *
 * A secret NAME may also come from the file that NAME_FILE names (mode 0600, or 0640 if it is
 * root's; one newline at its end is cut); it never shows in logs. An empty variable is an unset
 * one. */
#pragma once

#include "err.h"

#include <stddef.h>
#include <stdint.h>

enum setting_type {
    SETTING_TEXT,   /* const char * */
    SETTING_SECRET, /* const char * */
    SETTING_INT,    /* int64_t, within min..max */
    SETTING_FLAG,   /* bool: "1", "true" or "0", "false" */
};

struct setting {
    const char *name; /* environment variable */
    enum setting_type type;
    size_t offset;            /* of the field in the service's config struct */
    const char *default_text; /* NULL: required */
    int64_t min, max;         /* SETTING_INT only */
    const char *help;         /* one line for --help and the README */
};

/* Fills *config; names every bad setting with its reason, not only the first. Texts live until
 * the process ends. */
bool config_load(const struct setting settings[], size_t count, void *config,
                 struct err *err) MUST_CHECK;
/* The table as --help text on stdout; secrets show as ***. */
void config_print_help(const struct setting settings[], size_t count);
