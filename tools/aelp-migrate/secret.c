#include "secret.h"

#include "durable.h"
#include "hash.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { secret_bytes_max = 4096 };

static bool path_of(const char *folder, const char *name, char path[static PATH_MAX],
                    struct err *err)
{
    int length = snprintf(path, PATH_MAX, "%s/%s", folder, name);
    return (length > 0 && length < PATH_MAX) || err_set(err, ERR_FATAL, "%s: too long", name);
}

static bool read_all(int file, const char *path, struct buffer *ret_text, struct err *err)
{
    struct stat about;
    if (fstat(file, &about) != 0)
        return err_set(err, ERR_FATAL, "%s: %s", path, strerror(errno));
    if (about.st_mode & (S_IRWXG | S_IRWXO))
        return err_set(err, ERR_FATAL, "%s: others can read this secret; chmod 600 it", path);
    char text[secret_bytes_max];
    ssize_t length = read(file, text, sizeof text);
    if (length <= 0 || length == sizeof text)
        return err_set(err, ERR_FATAL, "%s: empty, too long or unreadable", path);
    size_t end = (size_t)length;
    while (end > 0 && text[end - 1] == '\n')
        end--;
    buffer_add(ret_text, text, end);
    explicit_bzero(text, sizeof text);
    return true;
}

bool secret_read(const char *folder, const char *name, struct buffer *ret_text, bool *ret_found,
                 struct err *err)
{
    char path[PATH_MAX];
    if (!path_of(folder, name, path, err))
        return false;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    *ret_found = file >= 0;
    if (file < 0)
        return errno == ENOENT || err_set(err, ERR_FATAL, "%s: %s", path, strerror(errno));
    bool ok = read_all(file, path, ret_text, err);
    close(file);
    return ok;
}

bool secret_write(const char *folder, const char *name, struct bytes text, struct err *err)
{
    BUFFER line = {0};
    buffer_add(&line, text.data, text.length);
    buffer_add_text(&line, "\n");
    bool ok = durable_write(folder, name, buffer_view(&line), err);
    explicit_bzero(line.data, line.length);
    return ok;
}

void secret_new_password(char password[static SECRET_PASSWORD])
{
    uint8_t bytes[(SECRET_PASSWORD - 1) / 2];
    random_bytes(bytes, sizeof bytes);
    hex_encode(bytes_of(bytes, sizeof bytes), password);
    explicit_bzero(bytes, sizeof bytes);
}
