#include "pbpath.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static size_t push(struct pbpath *path, const char *format, ...) PRINTF_LIKE(2, 3);
static size_t push(struct pbpath *path, const char *format, ...)
{
    size_t before = path->length;
    va_list args;
    va_start(args, format);
    vsnprintf(path->text + before, sizeof path->text - before, format, args);
    va_end(args);
    path->length = before + strlen(path->text + before);
    return before;
}

size_t pbpath_push(struct pbpath *path, const char *name)
{
    return push(path, "%s%s", path->length ? "." : "", name);
}

size_t pbpath_push_index(struct pbpath *path, size_t index)
{
    return push(path, "[%zu]", index);
}

void pbpath_pop(struct pbpath *path, size_t length)
{
    path->length = length;
    path->text[length] = '\0';
}

bool pbpath_reject(const struct pbpath *path, struct err *err, const char *format, ...)
{
    char reason[sizeof err->text];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    if (path->length == 0)
        return err_set(err, ERR_REJECT, "%s", reason);
    return err_set(err, ERR_REJECT, "%s: %s", path->text, reason);
}
