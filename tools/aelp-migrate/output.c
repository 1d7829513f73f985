#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

bool output_write(struct bytes text, struct err *err)
{
    bool ok = fwrite(text.data, 1, text.length, stdout) == text.length && fflush(stdout) == 0;
    return ok || err_set(err, ERR_FATAL, "stdout: %s", strerror(errno));
}
