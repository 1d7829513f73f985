/* fault: what is wrong with a request, and where: a JSON pointer into its body, or the name of a
 * header or query parameter. */
#pragma once

#include "err.h"

#include <stddef.h>

struct fault {
    char pointer[96];
    char text[240];
};

/* Returns false, so that a caller writes `return fault_set(...)`. A pointer is a format only for
 * the element it names: "/effects/%zu/daily". */
bool fault_set(struct fault *fault, const char *text, const char *pointer, ...) PRINTF_LIKE(3, 4);
