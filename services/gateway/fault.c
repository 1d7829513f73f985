#include "fault.h"

#include <stdarg.h>
#include <stdio.h>

bool fault_set(struct fault *fault, const char *text, const char *pointer, ...)
{
    va_list args;
    va_start(args, pointer);
    (void)vsnprintf(fault->pointer, sizeof fault->pointer, pointer, args); /* a long one is cut */
    va_end(args);
    snprintf(fault->text, sizeof fault->text, "%s", text);
    return false;
}
