/* form: application/x-www-form-urlencoded, both ways. */
#pragma once

#include "bytes.h"
#include "mem.h"

struct form_pair {
    const char *name, *value; /* decoded; a NUL within is refused */
};

struct form {
    const struct form_pair *pairs;
    size_t count;
};

enum { FORM_PAIRS_MAX = 256 };

bool form_parse(struct bytes text, struct arena *arena, struct form *ret_form,
                struct err *err) MUST_CHECK;
const char *form_get(const struct form *form, const char *name); /* NULL: absent */
void form_encode(struct bytes value, struct buffer *out);
