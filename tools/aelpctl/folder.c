#include "folder.h"

#include <string.h>
#include <sys/stat.h>

void folder_make_above(char *path, mode_t mode)
{
    for (char *slash = strchr(path + (*path == '/'), '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, mode); /* there already, or the file can't be opened */
        *slash = '/';
    }
}
