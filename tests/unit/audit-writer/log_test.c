/* A log written by audit-writer's own statements into a real Postgres, then proven, verified, and
 * bent in the ways that someone with the owner's rights could. */
#include "audit_log.h"
#include "proof.h"
#include "signer.h"
#include "store.h"

#include "db/scratch.h"
#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { fence = 7, sagas = 200, versions = 3, batch = 190 };

static struct db *db;
static struct err err;
static char signer_folder[] = "aelp-log-test-XXXXXX";
static struct signer signer;
static struct policy policy;

static void must(bool ok)
{
    if (!ok)
        fail_msg("%s", err.text);
}

static void run_sql(const char *sql)
{
    PGresult *result = PQexec(db_conn(db), sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s", PQresultErrorMessage(result));
    PQclear(result);
}

static void run_file(const char *path)
{
    char full[512];
    struct buffer text = {0};
    char block[4096];
    snprintf(full, sizeof full, "%s/../../../services/audit-writer/%s", TEST_SOURCE_DIR, path);
    FILE *file = fopen(full, "r");
    assert_non_null(file);
    for (size_t length; (length = fread(block, 1, sizeof block, file)) > 0;)
        buffer_add(&text, block, length);
    fclose(file);
    run_sql((const char *)text.data);
    buffer_done(&text);
}

/* What the log needs of its neighbours. */
static void make_schemas(void)
{
    run_sql("CREATE ROLE aelp_audit_writer SUPERUSER; CREATE SCHEMA bus; CREATE SCHEMA saga; "
            "CREATE SCHEMA audit; "
            "CREATE FUNCTION bus.lease_check(text, bigint) RETURNS boolean LANGUAGE sql AS "
            "'SELECT $1 = ''audit-writer'' AND $2 = 7'; "
            "CREATE TABLE saga.event (seq bigint PRIMARY KEY, saga_id uuid, version integer, "
            "event text, from_state text, to_state text, role name, person_id uuid, "
            "content_hash bytea, leaf bytea NOT NULL, leaf_hash bytea NOT NULL, "
            "at timestamptz NOT NULL); "
            "CREATE FUNCTION saga.content(uuid[]) RETURNS TABLE (id uuid, content text) "
            "LANGUAGE sql AS $$SELECT $1[1], 'another content'$$");
    run_file("migrations/0001_audit.sql");
    run_file("functions/010_tree.sql");
    run_file("functions/020_checkpoint.sql");
    run_sql("SET SESSION AUTHORIZATION aelp_audit_writer");
}

/* Chains of three events a saga, mixed among each other, with rows in audit.pending. */
static void put_events(void)
{
    run_sql("CREATE FUNCTION leaf(s integer, v integer, prev text) RETURNS bytea LANGUAGE sql AS "
            "$$SELECT convert_to(format(E'aelp/event/v1\\nsaga %s\\nversion %s\\nfrom %s\\nto "
            "%s\\nrole tester\\nperson -\\ncontent ab\\nat 2026-11-20T10:00:00.123456Z\\nprev "
            "%s\\n', lpad(s::text, 32, '0')::uuid, v, repeat('s', v - 1), repeat('s', v), prev), "
            "'UTF8')$$;"
            "CREATE FUNCTION leaf_hash(leaf bytea) RETURNS bytea LANGUAGE sql AS "
            "$$SELECT sha256('\\x00'::bytea || leaf)$$");
    run_sql("WITH RECURSIVE chain AS ("
            "  SELECT s, 1 AS version, leaf(s, 1, '-') AS leaf FROM generate_series(1, 200) AS s"
            "  UNION ALL"
            "  SELECT s, version + 1, leaf(s, version + 1, encode(leaf_hash(leaf), 'hex'))"
            "    FROM chain WHERE version < 3), "
            "made AS (INSERT INTO saga.event SELECT version * 1000 + s, "
            "  lpad(s::text, 32, '0')::uuid, version, repeat('s', version), "
            "  repeat('s', version - 1), repeat('s', version), 'tester', NULL, '\\xab', leaf, "
            "  leaf_hash(leaf), '2026-11-20 10:00:00.123456+00' FROM chain "
            "  RETURNING seq, leaf_hash) "
            "INSERT INTO audit.pending SELECT seq, leaf_hash FROM made");
}

static void collect(void *state, unsigned height, uint64_t n, const struct hash *hash)
{
    (void)n;
    struct buffer *hashes = state;
    if (height > 0 && height % TILE_HEIGHT == 0)
        buffer_add(&hashes[height / TILE_HEIGHT], hash->bytes, HASH_BYTES);
}

/* One batch as audit-writer takes it; false when nothing was pending. */
static bool order_batch(void)
{
    OWNED(PGresult) *rows = NULL;
    struct buffer hashes[TILE_LEVELS] = {0};
    const struct hash *leaves = NULL;
    struct tree tree;
    uint64_t size, published;
    size_t count;
    must(store_load(db, &tree, &published, &err));
    must(db_begin(db, &err));
    must(store_order(db, fence, batch, &rows, &size, &leaves, &count, &err));
    if (count > 0) {
        assert_int_equal(size, tree.size);
        tree_append(&tree, leaves, count, collect, hashes);
        if (hashes[1].length > 0)
            must(store_grow(db, fence, hashes, &err));
    }
    must(db_commit(db, &err));
    buffer_done(&hashes[1]);
    return count > 0;
}

static void publish(struct buffer *note)
{
    struct path_tiles tiles = {audit_read_tile, db};
    struct path path = {0};
    struct tree tree;
    uint64_t published;
    must(store_load(db, &tree, &published, &err));
    struct hash root = tree_root(&tree);
    if (signer.size > 0)
        must(path_consistency(&tiles, signer.size, tree.size, &path, &err));
    buffer_clear(note);
    must(signer_sign(&signer, tree.size, &root, &path, note, &err));
    must(store_publish(db, fence, tree.size, buffer_view(note), &err));
}

static int make_log(void **state)
{
    (void)state;
    struct buffer note = {0};
    err = (struct err){0};
    scratch_start();
    must(db_open(&db, scratch_url, "log_test", &err));
    make_schemas();
    put_events();
    must(mkdtemp(signer_folder) && signer_open(&signer, signer_folder, "aelp2/audit", &err));
    policy_of(&signer.note.key, NULL, &policy);
    while (order_batch())
        publish(&note);
    buffer_done(&note);
    return 0;
}

static int drop_log(void **state)
{
    (void)state;
    char command[128];
    db_close(db);
    scratch_stop();
    snprintf(command, sizeof command, "rm -r %s", signer_folder);
    return system(command);
}

static struct uuid saga_of(int number)
{
    char text[UUID_TEXT];
    struct uuid saga;
    snprintf(text, sizeof text, "00000000-0000-0000-0000-%012d", number);
    assert_true(uuid_parse(text, &saga));
    return saga;
}

static void the_whole_log_verifies(void **state)
{
    (void)state;
    struct audit_report report;
    must(audit_verify(db, &policy, (struct bytes){0}, &report, &err));
    assert_int_equal(report.log.leaves, sagas * versions);
    assert_int_equal(report.log.checkpoints, 4); /* 190, 380, 570, 600 */
    assert_int_equal(report.pending, 0);
}

static void every_saga_is_proven_by_its_file_alone(void **state)
{
    (void)state;
    for (int number = 1; number <= sagas; number++) {
        struct uuid saga = saga_of(number);
        struct buffer text = {0};
        struct proof proof;
        struct checkpoint checkpoint;
        struct bytes last;
        char wanted[64];
        size_t leaves;
        must(audit_prove(db, &saga, &text, &err));
        must(proof_parse(buffer_view(&text), &proof, &err));
        must(proof_verify_chain(&proof, &policy, &checkpoint, &leaves, &last, &err));
        snprintf(wanted, sizeof wanted, "aelp/event/v1\nsaga 00000000-0000-0000-0000-%012d\n",
                 number);
        assert_int_equal(leaves, versions);
        assert_memory_equal(last.data, wanted, strlen(wanted));
        proof_done(&proof);
        buffer_done(&text);
    }
}

static void an_unknown_saga_has_no_proof(void **state)
{
    (void)state;
    struct uuid saga = saga_of(sagas + 1);
    struct buffer text = {0};
    assert_false(audit_prove(db, &saga, &text, &err));
    assert_int_equal(err.kind, ERR_REJECT);
    buffer_done(&text);
}

/* Each is undone by rolling back. */
static const struct bend {
    const char *found, *sql;
} bends[] = {
    {.found = "leaf 599 is not what was hashed",
     .sql = "UPDATE saga.event SET leaf = leaf || 'x' WHERE seq = 3200"                                               },
    {.found = "hash 87 of tile 0/2 is not that of its leaves",
     .sql = "UPDATE saga.event SET leaf = leaf || 'x',"
            " leaf_hash = sha256('\\x00'::bytea || leaf || 'x') WHERE seq = 3200"                                     },
    {.found = "leaf 0 is not what was hashed",
     .sql = "UPDATE saga.event SET leaf_hash = sha256('') WHERE seq = 1001"                                           },
    {.found = "leaf 206 has lost its body",                           .sql = "DELETE FROM saga.event WHERE seq = 2007"},
    {.found = "leaf 6 has lost its body",                             .sql = "DELETE FROM saga.event WHERE seq = 1007"},
    {.found = "leaf 599 has lost its body",                           .sql = "DELETE FROM saga.event WHERE seq = 3200"},
    {.found = "leaf 206 is missing: 207 follows",
     .sql = "DELETE FROM audit.leaf_of WHERE event = 2007"                                                            },
    {.found = "hash 1 of tile 0/1 is not that of its leaves",
     .sql = "UPDATE audit.tile SET hashes = overlay(hashes placing '\\x00' from 33) WHERE n = 1"                      },
    {.found = "hash 0 of tile 1/0 is not that of its leaves",
     .sql = "UPDATE audit.edge SET hashes = sha256('a') || sha256('b') WHERE level = 1"                               },
    {.found = "checkpoint 1: the signature of aelp2/audit is wrong",
     .sql = "UPDATE audit.checkpoint SET note = convert_to(regexp_replace("
            "convert_from(note, 'UTF8'), '[^\n]{44}\n\n',"
            "encode(sha256('x'), 'base64') || E'\\n\\n'), 'UTF8') WHERE size = 190"                                   },
    {.found = "the checkpoint of 190 leaves is filed as that of 380",
     .sql = "UPDATE audit.checkpoint SET note = (SELECT note FROM audit.checkpoint"
            " WHERE size = 190) WHERE size = 380"                                                                     },
    {.found = "600 leaves were signed, the log has 599",
     .sql = "UPDATE audit.edge SET hashes = substr(hashes, 1, 87 * 32) WHERE level = 0"                               },
    {.found = "the witness has seen 600 leaves, the log has 599",
     .sql = "UPDATE audit.edge SET hashes = substr(hashes, 1, 87 * 32) WHERE level = 0;"
            "DELETE FROM audit.leaf_of WHERE index = 599;"
            "DELETE FROM audit.checkpoint WHERE size = 600;"
            "DELETE FROM saga.event WHERE seq = 3200"                                                                 },
};

static void everything_bent_is_found(void **state)
{
    (void)state;
    OWNED(PGresult) *last =
        PQexecParams(db_conn(db), "SELECT note FROM audit.checkpoint WHERE size = 600", 0, NULL,
                     NULL, NULL, NULL, 1);
    struct bytes witness = bytes_of(PQgetvalue(last, 0, 0), (size_t)PQgetlength(last, 0, 0));
    for (size_t i = 0; i < COUNT(bends); i++) {
        struct audit_report report;
        run_sql("BEGIN");
        run_sql(bends[i].sql);
        if (audit_verify(db, &policy, witness, &report, &err))
            fail_msg("not found: %s", bends[i].sql);
        assert_string_equal(err.text, bends[i].found);
        assert_int_equal(err.kind, ERR_REJECT);
        run_sql("ROLLBACK");
    }
}

static void bodies_below_the_signed_minimum_may_be_gone(void **state)
{
    (void)state;
    struct audit_report report;
    struct buffer note = {0};
    minimum_sign(&signer.note, 190, &note);
    run_sql("BEGIN");
    must(store_raise_minimum(db, fence, 190, buffer_view(&note), &err));
    run_sql("DELETE FROM saga.event WHERE seq <= 1190");
    must(audit_verify(db, &policy, (struct bytes){0}, &report, &err));
    run_sql("UPDATE audit.minimum SET index = 300");
    assert_false(audit_verify(db, &policy, (struct bytes){0}, &report, &err));
    assert_string_equal(err.text, "the minimum index 190 is filed as 300");
    run_sql("ROLLBACK");
    buffer_done(&note);
}

static void a_saga_whose_last_event_is_unsigned_has_no_proof_yet(void **state)
{
    (void)state;
    struct uuid saga = saga_of(1);
    struct buffer text = {0};
    run_sql("BEGIN; DELETE FROM audit.checkpoint");
    assert_false(audit_prove(db, &saga, &text, &err));
    assert_int_equal(err.kind, ERR_RETRY);
    run_sql("ROLLBACK");
    buffer_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_log_verifies),
        cmocka_unit_test(every_saga_is_proven_by_its_file_alone),
        cmocka_unit_test(an_unknown_saga_has_no_proof),
        cmocka_unit_test(everything_bent_is_found),
        cmocka_unit_test(bodies_below_the_signed_minimum_may_be_gone),
        cmocka_unit_test(a_saga_whose_last_event_is_unsigned_has_no_proof_yet),
    };
    return cmocka_run_group_tests(tests, make_log, drop_log);
}
