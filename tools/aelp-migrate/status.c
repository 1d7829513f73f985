/* status: every file with its standing; read-only, so it asks for no lock. */
#include "history.h"
#include "migrate.h"
#include "output.h"
#include "session.h"

static const char *const standing_names[] = {
    [STANDING_PENDING] = "pending",
    [STANDING_APPLIED] = "applied",
    [STANDING_CHANGED] = "changed",
};

static int add_schema(const struct schema *schema, const struct sources *sources,
                      const PGresult *history, struct buffer *text)
{
    int open_count = 0;
    for (size_t i = 0; i < sources->count; i++) {
        const struct source *source = &sources->item[i];
        enum standing standing = history_standing(history, schema->name, source);
        open_count += standing != STANDING_APPLIED;
        buffer_format(text, "%-10s %-12s %s\n", standing_names[standing], schema->name,
                      source->file);
    }
    return open_count;
}

static int add_gone(const struct tree *tree, const PGresult *history, struct buffer *text)
{
    int gone_count = 0;
    const char *schema, *file;
    for (int at = 0; history_next_gone(history, tree, &at, &schema, &file); gone_count++)
        buffer_format(text, "%-10s %-12s %s\n", "gone", schema, file);
    return gone_count;
}

static bool show_status(struct db *db, struct arena *arena, const char *root, struct err *err)
{
    struct tree tree;
    OWNED(PGresult) *history = NULL;
    if (!history_load(db_conn(db), &history, err) || !sources_load(arena, root, &tree, err))
        return false;
    BUFFER text = {0};
    int open_count = add_gone(&tree, history, &text);
    for (size_t i = 0; i < tree.count; i++)
        open_count += add_schema(&tree.schema[i], &tree.sources[i], history, &text);
    return output_write(buffer_view(&text), err) && history_check(history, &tree, err)
        && (open_count == 0
            || err_set(err, ERR_FATAL, "%d files are not applied as they are", open_count));
}

bool command_status(const struct options *options, struct err *err)
{
    struct db *db = NULL;
    struct arena *arena = arena_new();
    bool ok = db_open(&db, options->database_url, "aelp-migrate", err)
        && show_status(db, arena, options->root, err);
    db_close(db);
    arena_free(arena);
    return ok;
}
