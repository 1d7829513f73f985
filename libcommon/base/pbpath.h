/* pbpath: where in a message a walk is, so that its error can say "effects[0].after: ...". */
#pragma once

#include "err.h"

#include <stddef.h>

enum {
    PB_DEPTH_MAX = 16, /* messages within messages, the outermost is 1 */
};

struct pbpath {
    char text[160]; /* what does not fit is cut */
    size_t length;
};

/* Both give the length to pop back to. */
size_t pbpath_push(struct pbpath *path, const char *name);
size_t pbpath_push_index(struct pbpath *path, size_t index);
void pbpath_pop(struct pbpath *path, size_t length);
/* ERR_REJECT with the path in front; false. */
bool pbpath_reject(const struct pbpath *path, struct err *err, const char *format, ...)
    PRINTF_LIKE(3, 4);
