#include "durable.h"

#include "hash.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool failed(struct err *err, const char *what, const char *path)
{
    return err_set(err, ERR_RETRY, "%s %s: %s", what, path, strerror(errno));
}

static bool path_of(const char *folder, const char *name, char path[static PATH_MAX],
                    struct err *err)
{
    int length = snprintf(path, PATH_MAX, "%s/%s", folder, name);
    return (length > 0 && length < PATH_MAX)
        || err_set(err, ERR_FATAL, "the path of %s is too long", name);
}

static bool write_all(int file, struct bytes content)
{
    while (content.length > 0) {
        ssize_t written = write(file, content.data, content.length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        content = bytes_of(content.data + written, content.length - (size_t)written);
    }
    return true;
}

static bool sync_folder(const char *folder, struct err *err)
{
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = file >= 0 && fsync(file) == 0;
    if (!good)
        failed(err, "fsync", folder);
    if (file >= 0)
        close(file);
    return good;
}

bool durable_folder(const char *folder, struct err *err)
{
    char above[PATH_MAX];
    if (mkdir(folder, 0700) != 0)
        return errno == EEXIST || failed(err, "mkdir", folder);
    return path_of(folder, "..", above, err) && sync_folder(above, err);
}

/* What writes `beside` came to: renamed over `path`, on disk. */
static bool write_beside(const char *folder, const char *path, const char *beside, int flags,
                         struct bytes content, struct err *err)
{
    int file = open(beside, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    if (file < 0)
        return failed(err, "open", beside);
    /* One left behind by a crash may have had another mode. */
    bool written = fchmod(file, 0600) == 0 && write_all(file, content) && fsync(file) == 0;
    if (!written)
        failed(err, "write", beside);
    close(file);
    if (!written)
        return false;
    if (rename(beside, path) != 0)
        return failed(err, "rename", path);
    return sync_folder(folder, err);
}

bool durable_write(const char *folder, const char *name, struct bytes content, struct err *err)
{
    char path[PATH_MAX], beside[PATH_MAX], beside_name[NAME_MAX];
    snprintf(beside_name, sizeof beside_name, "%s.new", name);
    return path_of(folder, name, path, err) && path_of(folder, beside_name, beside, err)
        && write_beside(folder, path, beside, O_TRUNC, content, err);
}

bool durable_kept(const char *folder, const char *name, bool *ret_kept, struct err *err)
{
    char path[PATH_MAX];
    if (!path_of(folder, name, path, err))
        return false;
    *ret_kept = access(path, F_OK) == 0;
    return !*ret_kept || sync_folder(folder, err);
}

bool durable_keep(const char *folder, const char *name, struct bytes content, struct err *err)
{
    char path[PATH_MAX], beside[PATH_MAX], beside_name[NAME_MAX];
    uint64_t draw;
    random_bytes(&draw, sizeof draw);
    snprintf(beside_name, sizeof beside_name, "%s.%" PRIx64 ".new", name, draw);
    return path_of(folder, name, path, err) && path_of(folder, beside_name, beside, err)
        && write_beside(folder, path, beside, O_EXCL, content, err);
}

bool durable_show(const char *folder, const char *name, struct err *err)
{
    char path[PATH_MAX];
    return path_of(folder, name, path, err)
        && (chmod(path, 0644) == 0 || failed(err, "chmod", path));
}

static bool read_all(int file, size_t bytes_max, struct buffer *content)
{
    char block[4096];
    buffer_clear(content);
    for (;;) {
        ssize_t length = read(file, block, sizeof block);
        if (length < 0 && errno == EINTR)
            continue;
        if (length <= 0)
            return length == 0;
        buffer_add(content, block, (size_t)length);
        if (content->length > bytes_max) {
            errno = EFBIG;
            return false;
        }
    }
}

bool durable_read(const char *folder, const char *name, size_t bytes_max, struct buffer *content,
                  bool *ret_found, struct err *err)
{
    char path[PATH_MAX];
    if (!path_of(folder, name, path, err))
        return false;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        *ret_found = false;
        return errno == ENOENT || failed(err, "open", path);
    }
    bool good = read_all(file, bytes_max, content) || failed(err, "read", path);
    close(file);
    *ret_found = true;
    return good;
}

static bool only_ours(const char *folder, const char *name, struct err *err)
{
    char path[PATH_MAX];
    struct stat status;
    if (!path_of(folder, name, path, err))
        return false;
    if (stat(path, &status) != 0)
        return failed(err, "stat", path);
    return (status.st_mode & 077) == 0
        || err_set(err, ERR_FATAL, "%s can be read by others: chmod 600 it", path);
}

bool durable_seed(const char *folder, const char *name, uint8_t ret_seed[static DURABLE_SEED],
                  struct err *err)
{
    struct buffer text = {0};
    bool found = false;
    bool good = durable_read(folder, name, 2 * DURABLE_SEED + 1, &text, &found, err);
    if (good && found) {
        if (text.length > 0 && text.data[text.length - 1] == '\n')
            text.data[text.length - 1] = '\0';
        good = only_ours(folder, name, err)
            && ((text.length > 0 && hex_decode((const char *)text.data, ret_seed, DURABLE_SEED))
                || err_set(err, ERR_FATAL, "%s/%s is not 64 hex digits", folder, name));
    } else if (good) {
        char hex[2 * DURABLE_SEED + 1];
        random_bytes(ret_seed, DURABLE_SEED);
        hex_encode(bytes_of(ret_seed, DURABLE_SEED), hex);
        buffer_format(&text, "%s\n", hex);
        good = durable_write(folder, name, buffer_view(&text), err);
    }
    buffer_done(&text);
    return good;
}

bool durable_lock(const char *folder, struct err *err)
{
    char path[PATH_MAX];
    if (!path_of(folder, "lock", path, err))
        return false;
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return failed(err, "open", path);
    if (flock(file, LOCK_EX | LOCK_NB) == 0)
        return true; /* the open file is the lock */
    close(file);
    return err_set(err, ERR_FATAL, "another process works in %s", folder);
}
