#include "sources.h"

#include "mem.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { files_max = 1000, file_bytes_max = 4 * 1024 * 1024 };

static const struct {
    enum source_kind kind;
    const char *folder;
} folders[] = {
    {SOURCE_MIGRATION, "migrations"},
    {SOURCE_FUNCTIONS, "functions" },
    {SOURCE_API,       "api"       },
};

static int is_sql(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > 4 && strcmp(entry->d_name + length - 4, ".sql") == 0;
}

/* NNNN_what.sql */
static bool is_numbered(const char *name)
{
    for (int i = 0; i < 4; i++)
        if (!isdigit((unsigned char)name[i]))
            return false;
    return name[4] == '_' && name[5] != '.';
}

static bool read_file(struct arena *arena, struct source *source, struct err *err)
{
    FILE *file = fopen(source->path, "re");
    if (!file)
        return err_set(err, ERR_FATAL, "%s: %s", source->path, strerror(errno));
    char *text = mem_array(file_bytes_max, 1);
    size_t length = fread(text, 1, file_bytes_max, file);
    bool whole = feof(file) && !ferror(file);
    fclose(file);
    if (whole) {
        source->text = arena_text(arena, text, length);
        source->hash = hash_sha256(bytes_of(text, length));
        whole = strlen(source->text) == length;
    }
    mem_free(text);
    return whole
        || err_set(err, ERR_FATAL, "%s: unreadable, over %d bytes, or with a NUL", source->path,
                   file_bytes_max);
}

static bool add_file(struct arena *arena, const char *folder_path, size_t folder, const char *name,
                     struct sources *sources, struct err *err)
{
    struct source *last = sources->count ? &sources->item[sources->count - 1] : NULL;
    struct source *source = &sources->item[sources->count];
    source->kind = folders[folder].kind;
    source->file = arena_format(arena, "%s/%s", folders[folder].folder, name);
    source->path = arena_format(arena, "%s/%s", folder_path, name);
    if (sources->count == files_max)
        return err_set(err, ERR_FATAL, "%s: more than %d files", folder_path, files_max);
    if (source->kind == SOURCE_MIGRATION && !is_numbered(name))
        return err_set(err, ERR_FATAL, "%s: not named NNNN_what.sql", source->path);
    size_t number_end = strlen("migrations/NNNN");
    if (source->kind == SOURCE_MIGRATION && last
        && strncmp(last->file, source->file, number_end) == 0)
        return err_set(err, ERR_FATAL, "%s: its number is taken by %s", source->path, last->file);
    sources->count++;
    return read_file(arena, source, err);
}

static bool add_folder(struct arena *arena, const char *schema_path, size_t folder,
                       struct sources *sources, struct err *err)
{
    const char *path = arena_format(arena, "%s/%s", schema_path, folders[folder].folder);
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, is_sql, alphasort);
    if (count < 0)
        return errno == ENOENT || err_set(err, ERR_FATAL, "%s: %s", path, strerror(errno));
    bool ok = true;
    for (int i = 0; i < count; i++) {
        ok = ok && add_file(arena, path, folder, entries[i]->d_name, sources, err);
        mem_free(entries[i]);
    }
    mem_free(entries);
    return ok;
}

static bool load_schema(struct arena *arena, const char *root, const struct schema *schema,
                        struct sources *ret_sources, struct err *err)
{
    struct sources sources = {arena_array(arena, files_max + 1, sizeof *sources.item), 0};
    const char *path = schema->service
        ? arena_format(arena, "%s/%s/%s", root, schema->folder, schema->service)
        : arena_format(arena, "%s/%s", root, schema->folder);
    for (size_t i = 0; i < COUNT(folders); i++)
        if (!add_folder(arena, path, i, &sources, err))
            return false;
    *ret_sources = sources;
    return true;
}

bool sources_load(struct arena *arena, const char *root, struct tree *ret_tree, struct err *err)
{
    ret_tree->count = schemas_list(ret_tree->schema);
    for (size_t i = 0; i < ret_tree->count; i++)
        if (!load_schema(arena, root, &ret_tree->schema[i], &ret_tree->sources[i], err))
            return false;
    return true;
}

const struct source *sources_find(const struct tree *tree, const char *schema, const char *file)
{
    for (size_t i = 0; i < tree->count; i++)
        for (size_t k = 0; k < tree->sources[i].count; k++)
            if (strcmp(tree->schema[i].name, schema) == 0
                && strcmp(tree->sources[i].item[k].file, file) == 0)
                return &tree->sources[i].item[k];
    return NULL;
}
