/* uuid: 16 bytes, as Postgres keeps them, and their text form of 36. */
#pragma once

#include "err.h"

#include <stdint.h>

enum { UUID_TEXT = 37 };

struct uuid {
    uint8_t bytes[16];
};

bool uuid_parse(const char *text, struct uuid *ret_uuid) MUST_CHECK; /* canonical form only */
void uuid_text(const struct uuid *uuid, char text[static UUID_TEXT]);
bool uuid_equal(const struct uuid *a, const struct uuid *b);
struct uuid uuid_random(void); /* version 4 */
