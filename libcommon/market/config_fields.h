/* config_fields: the members of a market's config as tables: what JSON calls them, where they are,
 * what they may be. Reading, writing and checking all walk these. */
#pragma once

#include "market_config.h"

enum field_type { FIELD_TEXT, FIELD_REAL, FIELD_INT, FIELD_MICROS, FIELD_FLAG, FIELD_CHOICE };

struct config_field {
    const char *name;
    enum field_type type;
    int count; /* of an array of reals; otherwise 1 */
    size_t offset;
    double min, max;
    const char *const *choices; /* of FIELD_CHOICE, NULL behind the last */
};

/* A list of structs within the config. */
struct config_list {
    const char *name;
    size_t count_offset, offset, size;
    int most, least;
    const struct config_field *field;
    size_t fields;
};

extern const struct config_field config_own_fields[];
extern const size_t config_own_field_count;
extern const struct config_list config_lists[];
extern const size_t config_list_count;
