/* folder: where files of our own making lie. */
#pragma once

#include <sys/types.h>

/* Makes all folders above `path`, which is as it was afterwards. What can't be made is found out
 * when the file is opened. */
void folder_make_above(char *path, mode_t mode);
