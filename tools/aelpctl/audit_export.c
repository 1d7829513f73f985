/* audit export: the log as a folder of files in the layout of C2SP tlog-tiles, for whoever checks
 * it with tools of their own or serves it.
 *
 * It judges nothing; who has the files does. The checkpoint comes last, and a file takes its name
 * when it is whole, so that a folder that is being served never promises what it lacks. */
#include "aelpctl_core_sql.h"
#include "audit.h"
#include "audit_log.h"
#include "folder.h"
#include "ledger.h"
#include "mem.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

struct copy {
    struct db *db;
    const char *folder;
    uint64_t size; /* of the tree */
    uint64_t files, incomplete;
};

static int write_file(struct copy *copy, const char *name, struct bytes content)
{
    char path[PATH_MAX], beside[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", copy->folder, name);
    if (length < 0 || (size_t)length + sizeof ".new" > sizeof path)
        return cli_fail(EXIT_USAGE, NULL, "the folder's name is too long");
    (void)snprintf(beside, sizeof beside, "%.*s.new", length, path);
    folder_make_above(beside, 0755);
    FILE *file = fopen(beside, "we");
    if (!file)
        return cli_fail(EXIT_ERROR, NULL, "%s can't be written", beside);
    bool whole = fwrite(content.data, 1, content.length, file) == content.length;
    whole = fclose(file) == 0 && whole;
    if (!whole || rename(beside, path) != 0)
        return cli_fail(EXIT_ERROR, NULL, "%s can't be written", path);
    copy->files++;
    return EXIT_DONE;
}

static int write_tile(struct copy *copy, const struct tile *tile)
{
    struct hash hashes[TILE_WIDTH];
    char name[TILE_PATH_BYTES];
    struct err err = {0};
    tile_path((int)tile->level, tile, name);
    if (!audit_read_tile(copy->db, tile, hashes, &err))
        return cli_fail(err.kind == ERR_RETRY ? EXIT_UNREACHABLE : EXIT_ERROR, NULL, "%s: %s", name,
                        err.text);
    return write_file(copy, name, bytes_of(hashes, tile->width * sizeof *hashes));
}

/* A bundle with a leaf that was retired can't be whole, and is left out. */
static int write_entries(struct copy *copy, const struct tile *tile)
{
    OWNED(PGresult) *rows = NULL;
    BUFFER bundle = {0};
    DB_ARGS args = {0};
    char name[TILE_PATH_BYTES];
    tile_path(-1, tile, name);
    db_arg_i64(&args, (int64_t)(tile->n * TILE_WIDTH));
    db_arg_i64(&args, (int64_t)(tile->n * TILE_WIDTH + tile->width));
    int code = ledger_query(copy->db, SQL_EXPORT_LEAVES, &args, &rows);
    if (code)
        return code;
    bool whole = PQntuples(rows) == (int)tile->width;
    for (int row = 0; whole && row < PQntuples(rows); row++)
        whole = !db_null(rows, row, 1) && bundle_add(&bundle, db_bytes(rows, row, 1));
    if (whole)
        return write_file(copy, name, buffer_view(&bundle));
    copy->incomplete++;
    return EXIT_DONE;
}

static int write_level(struct copy *copy, unsigned level)
{
    int code = EXIT_DONE;
    struct tile tile = {.level = level};
    for (; !code && (tile.width = tile_width(level, tile.n, copy->size)) > 0; tile.n++) {
        code = write_tile(copy, &tile);
        if (!code && level == 0)
            code = write_entries(copy, &tile);
    }
    return code;
}

static int export_all(struct copy *copy)
{
    OWNED(PGresult) *rows = NULL;
    int code = ledger_query(copy->db, SQL_EXPORT_SIGNED, NULL, &rows);
    if (code)
        return code;
    if (PQntuples(rows) == 0)
        return cli_fail(EXIT_UNKNOWN, "try again in a second", "nothing is signed yet");
    copy->size = (uint64_t)db_i64(rows, 0, 0);
    for (unsigned level = 0; !code && level < TILE_LEVELS; level++)
        code = write_level(copy, level);
    if (!code && !db_null(rows, 0, 2))
        code = write_file(copy, "minimum", db_bytes(rows, 0, 2));
    return code ? code : write_file(copy, "checkpoint", db_bytes(rows, 0, 1));
}

int run_audit_export(struct cli *cli)
{
    OWNED(ledger) *db = NULL;
    struct copy copy = {.folder = cli->args[0]};
    int code = ledger_open(cli->settings.auditor_url, "AELP2_AUDITOR_URL", &db);
    if (code)
        return code;
    copy.db = db;
    code = export_all(&copy);
    if (code)
        return code;
    if (copy.incomplete)
        cli_say("%" PRIu64 " bundles of entries are left out: they have leaves without a body",
                copy.incomplete);
    printf(cli->json ? "{\"leaves\":%" PRIu64 ",\"files\":%" PRIu64 ",\"incomplete\":%" PRIu64 "}\n"
                     : "%" PRIu64 " leaves in %" PRIu64 " files\n",
           copy.size, copy.files, copy.incomplete);
    return EXIT_DONE;
}
