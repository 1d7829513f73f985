/* Moves against a server: answers in any order find their moves; nothing asked is nothing sent. */
#include "moves.h"

#include "../db/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* In the place of the ledger: notes what it was given, and answers from the last to the first. The
 * version says how: 1 moves, 2 is there already, 3 is refused, and 4 is unknown. */
static const char ledger_sql[] =
    "CREATE SCHEMA saga;"
    "CREATE TABLE saga.got (saga uuid, content bytea, rule text, passed boolean,"
    "                       value float8, bound float8, sentence text);"
    "CREATE TABLE saga.moved (saga uuid, version integer, content bytea, state text, note text);"
    "CREATE FUNCTION saga.add_verdicts(uuid[], bytea[], text[], boolean[], float8[], float8[],"
    "                                  text[]) RETURNS void LANGUAGE sql AS $$"
    "    INSERT INTO saga.got SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7) $$;"
    "CREATE FUNCTION saga.advance(uuid[], integer[], bytea[], text[], text[], text, text[])"
    "RETURNS TABLE (id uuid, result text, rule text) LANGUAGE sql AS $$"
    "    INSERT INTO saga.moved SELECT * FROM unnest($1, $2, $3, $4, $5);"
    "    SELECT u.id, (ARRAY['moved', 'already', 'refused'])[u.version],"
    "           (ARRAY[NULL, 'already', 'changed'])[u.version]"
    "      FROM unnest($1, $2) AS u (id, version) WHERE u.version < 4 ORDER BY u.id DESC $$;"
    "CREATE FUNCTION saga.begin_rollback(uuid, text, text, text[])"
    "RETURNS TABLE (result text, reason text, retry_at timestamptz) LANGUAGE sql AS $$"
    "    SELECT $2, 'as asked', NULL::timestamptz $$;";

static struct db *db;
static struct arena *arena;

static int server_start(void **state)
{
    struct err err = {0};
    (void)state;
    scratch_start();
    arena = arena_new();
    assert_true(db_open(&db, scratch_url, "moves_test", &err));
    OWNED(PGresult) *done = PQexec(db_conn(db), ledger_sql);
    assert_int_equal(PQresultStatus(done), PGRES_COMMAND_OK);
    return 0;
}

static int server_stop(void **state)
{
    (void)state;
    db_close(db);
    arena_free(arena);
    scratch_stop();
    return 0;
}

static struct saga_seen saga_of(uint8_t first, int32_t version)
{
    return (struct saga_seen){{{first, 0x07, 0x30}}, version, {{first, 0x46, 0x50}}};
}

static int64_t number(const char *sql)
{
    struct err err = {0};
    OWNED(PGresult) *rows = NULL;
    assert_true(db_query(db, sql, NULL, &rows, &err));
    return db_i64(rows, 0, 0);
}

static void each_move_gets_its_own_answer(void **state)
{
    static const struct {
        uint8_t first;
        int32_t version;
        enum saga_result result;
        const char *rule;
    } expected[] = {
        {0x0a, 3, SAGA_REFUSED, "changed"},
        {0x3b, 4, SAGA_REFUSED, "unknown"},
        {0x91, 1, SAGA_MOVED,   NULL     },
        {0xfe, 2, SAGA_ALREADY, NULL     },
    };
    static const size_t added[] = {2, 0, 3, 1};
    struct saga_moves moves = saga_moves_in(arena, 1);
    struct err err = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(added); i++) {
        struct saga_seen saga = saga_of(expected[added[i]].first, expected[added[i]].version);
        saga_moves_add(&moves, &saga, "cleared", "");
    }
    assert_true(saga_advance(db, &moves, &err));
    assert_int_equal(moves.count, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++) {
        assert_int_equal(moves.move[i].saga.id.bytes[0], expected[i].first);
        assert_int_equal(moves.move[i].result, expected[i].result);
        if (expected[i].rule)
            assert_string_equal(moves.move[i].rule, expected[i].rule);
        else
            assert_null(moves.move[i].rule);
        struct saga_seen saga = saga_of(expected[i].first, 1);
        assert_ptr_equal(saga_moves_find(&moves, &saga.id), &moves.move[i]);
    }
    struct saga_seen stranger = saga_of(0x92, 1);
    assert_null(saga_moves_find(&moves, &stranger.id));
}

static void verdicts_and_moves_arrive_whole(void **state)
{
    enum { sagas = 300, rules = 3 };
    static const char *const names[rules] = {"kill_switch", "per_day", "drift"};
    struct saga_moves moves = saga_moves_in(arena, 0);
    struct err err = {0};
    (void)state;
    for (int i = 0; i < sagas; i++) {
        struct saga_seen saga = saga_of((uint8_t)i, 1);
        saga.id.bytes[15] = (uint8_t)(i >> 8);
        for (int k = 0; k < rules; k++)
            saga_verdicts_add(&moves,
                              &(struct saga_verdict){saga.id, saga.content, names[k], k != 2, 4.65,
                                                     7.3, "as it should"});
        saga_moves_add(&moves, &saga, i % 2 ? "blocked" : "confirmed", i % 2 ? "+6 % > 5 %" : "");
    }
    assert_true(db_begin(db, &err));
    assert_true(saga_advance(db, &moves, &err));
    assert_true(db_commit(db, &err));
    for (int i = 0; i < sagas; i++)
        assert_int_equal(moves.move[i].result, SAGA_MOVED);

    assert_int_equal(number("SELECT count(*) FROM saga.got WHERE passed = (rule <> 'drift')"
                            " AND value = 4.65 AND bound = 7.3 AND sentence = 'as it should'"
                            " AND substr(content, 2, 2) = '\\x4650'"
                            " AND get_byte(content, 0) = get_byte(uuid_send(saga), 0)"),
                     sagas * rules);
    assert_int_equal(number("SELECT count(*) FROM saga.moved WHERE note = '+6 % > 5 %'"
                            " AND state = 'blocked' AND octet_length(content) = 32"),
                     sagas / 2);
}

static void nothing_to_do_asks_nothing(void **state)
{
    struct saga_moves moves = saga_moves_in(arena, 5);
    struct err err = {0};
    int64_t before = number("SELECT count(*) FROM saga.moved");
    (void)state;
    assert_true(saga_advance(db, &moves, &err));
    assert_int_equal(number("SELECT count(*) FROM saga.moved"), before);
}

static void a_failure_names_the_step_and_leaves_the_connection_usable(void **state)
{
    struct saga_moves moves = saga_moves_in(arena, 1);
    struct saga_seen saga = saga_of(0x42, 1);
    struct err err = {0};
    (void)state;
    saga_verdicts_add(&moves, &(struct saga_verdict){.saga = saga.id, .rule = "\xff"});
    saga_moves_add(&moves, &saga, "cleared", "");
    assert_true(db_begin(db, &err));
    assert_false(saga_advance(db, &moves, &err));
    assert_int_equal(err.kind, ERR_REJECT);
    assert_non_null(strstr(err.text, "verdicts"));
    db_rollback(db);
    assert_int_equal(number("SELECT count(*) FROM saga.moved WHERE get_byte(content, 0) = 66"
                            " AND version = 1 AND state = 'cleared'"),
                     0);
}

static void a_rollback_says_whether_it_began(void **state)
{
    static const struct {
        const char *result;
        enum saga_rollback_result expected;
    } cases[] = {
        {"ok",       SAGA_ROLLBACK_BEGUN  },
        {"wait",     SAGA_ROLLBACK_WAITS  },
        {"refused",  SAGA_ROLLBACK_REFUSED},
        {"conflict", SAGA_ROLLBACK_REFUSED},
    };
    struct saga_seen saga = saga_of(0x42, 1);
    struct err err = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        enum saga_rollback_result result;
        const char *why;
        assert_true(saga_begin_rollback(db, arena, &saga.id, cases[i].result, &result, &why, &err));
        assert_int_equal(result, cases[i].expected);
        assert_string_equal(why, "as asked");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_move_gets_its_own_answer),
        cmocka_unit_test(verdicts_and_moves_arrive_whole),
        cmocka_unit_test(nothing_to_do_asks_nothing),
        cmocka_unit_test(a_failure_names_the_step_and_leaves_the_connection_usable),
        cmocka_unit_test(a_rollback_says_whether_it_began),
    };
    return cmocka_run_group_tests(tests, server_start, server_stop);
}
