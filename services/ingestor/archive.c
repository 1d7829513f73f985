#include "archive.h"

#include "durable.h"
#include "mem.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <zstd.h>

enum { raw_bytes_max = 256 << 20, level = 3 };

void archive_name(const struct hash *hash, char name[static ARCHIVE_NAME])
{
    char hex[2 * HASH_BYTES + 1];
    hex_encode(hash_view(hash), hex);
    snprintf(name, ARCHIVE_NAME, "%.2s/%s.zst", hex, hex);
}

bool archive_open(const char *folder, struct err *err)
{
    return durable_folder(folder, err);
}

static bool compress(struct bytes raw, struct buffer *packed, struct err *err)
{
    size_t bound = ZSTD_compressBound(raw.length);
    packed->data = mem_new(bound);
    packed->capacity = bound;
    packed->length = ZSTD_compress(packed->data, bound, raw.data, raw.length, level);
    if (!ZSTD_isError(packed->length))
        return true;
    const char *why = ZSTD_getErrorName(packed->length);
    packed->length = 0;
    return err_set(err, ERR_FATAL, "zstd: %s", why);
}

/* "DIR/ab", and what is behind the slash of the name. */
static bool split(const char *folder, const char *name, char ret_below[static PATH_MAX],
                  const char **ret_file, struct err *err)
{
    int length = snprintf(ret_below, PATH_MAX, "%s/%.2s", folder, name);
    *ret_file = strchr(name, '/') + 1;
    return length < PATH_MAX || err_set(err, ERR_FATAL, "the archive's path is too long");
}

bool archive_put(const char *folder, struct bytes raw, struct hash *ret_hash, struct err *err)
{
    BUFFER packed = {0};
    char name[ARCHIVE_NAME], below[PATH_MAX];
    const char *file;
    bool kept = false;
    struct hash hash = hash_sha256(raw);
    archive_name(&hash, name);
    if (!split(folder, name, below, &file, err) || !durable_folder(below, err)
        || !durable_kept(below, file, &kept, err))
        return false;
    *ret_hash = hash;
    return kept
        || (compress(raw, &packed, err) && durable_keep(below, file, buffer_view(&packed), err));
}

static bool decompress(struct bytes packed, struct buffer *raw, struct err *err)
{
    unsigned long long length = ZSTD_getFrameContentSize(packed.data, packed.length);
    if (length > raw_bytes_max) /* so are both words for "unknown" */
        return err_set(err, ERR_REJECT, "an archived reply is broken or too large");
    buffer_done(raw);
    *raw = (struct buffer){.data = mem_new(length + 1), .capacity = length + 1};
    raw->length = ZSTD_decompress(raw->data, length, packed.data, packed.length);
    if (raw->length == length)
        return true;
    raw->length = 0;
    return err_set(err, ERR_REJECT, "an archived reply is broken");
}

bool archive_get(const char *folder, const struct hash *hash, struct buffer *raw, struct err *err)
{
    BUFFER packed = {0};
    char name[ARCHIVE_NAME], below[PATH_MAX];
    const char *file;
    bool found = false;
    archive_name(hash, name);
    if (!split(folder, name, below, &file, err)
        || !durable_read(below, file, raw_bytes_max, &packed, &found, err))
        return false;
    if (!found)
        return err_set(err, ERR_REJECT, "%s is not in the archive", name);
    if (!decompress(buffer_view(&packed), raw, err))
        return false;
    struct hash is = hash_sha256(buffer_view(raw));
    return hash_equal(&is, hash) || err_set(err, ERR_REJECT, "%s is not what its name says", name);
}
