#include "moves.h"

#include "aelp_saga_sql.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct saga_moves saga_moves_in(struct arena *arena, size_t count_expected)
{
    size_t capacity = count_expected ? count_expected : 1;
    return (struct saga_moves){
        .arena = arena,
        .move = arena_array(arena, capacity, sizeof(struct saga_move)),
        .capacity = capacity,
        .verdict = arena_array(arena, capacity, sizeof(struct saga_verdict)),
        .verdict_capacity = capacity,
    };
}

/* The same items in a block of twice the size; the arena keeps the old one until its end. */
static void *doubled(struct arena *arena, const void *items, size_t *capacity, size_t size)
{
    void *grown = arena_array(arena, 2 * *capacity, size);
    memcpy(grown, items, *capacity * size);
    *capacity *= 2;
    return grown;
}

void saga_moves_add(struct saga_moves *moves, const struct saga_seen *saga, const char *to,
                    const char *note)
{
    if (moves->count == moves->capacity)
        moves->move = doubled(moves->arena, moves->move, &moves->capacity, sizeof *moves->move);
    moves->move[moves->count++] = (struct saga_move){.saga = *saga, .to = to, .note = note};
}

void saga_verdicts_add(struct saga_moves *moves, const struct saga_verdict *verdict)
{
    if (moves->verdict_count == moves->verdict_capacity)
        moves->verdict =
            doubled(moves->arena, moves->verdict, &moves->verdict_capacity, sizeof *moves->verdict);
    moves->verdict[moves->verdict_count++] = *verdict;
}

static bool send_verdicts(struct db *db, const struct saga_moves *moves, struct err *err)
{
    const struct saga_verdict *verdict = moves->verdict;
    size_t count = moves->verdict_count;
    DB_ARGS args = {0};
    DB_ARRAY(&args, uuid, i, count, &verdict[i].saga);
    DB_ARRAY(&args, bytes, i, count, hash_view(&verdict[i].content));
    DB_ARRAY(&args, text, i, count, verdict[i].rule);
    DB_ARRAY(&args, bool, i, count, verdict[i].passed);
    DB_ARRAY(&args, real, i, count, verdict[i].value);
    DB_ARRAY(&args, real, i, count, verdict[i].bound);
    DB_ARRAY(&args, text, i, count, verdict[i].sentence);
    return db_send(db, SQL_ADD_VERDICTS, &args, err);
}

static bool send_moves(struct db *db, const struct saga_moves *moves, struct err *err)
{
    const struct saga_move *move = moves->move;
    size_t count = moves->count;
    DB_ARGS args = {0};
    DB_ARRAY(&args, uuid, i, count, &move[i].saga.id);
    DB_ARRAY(&args, i32, i, count, move[i].saga.version);
    DB_ARRAY(&args, bytes, i, count, hash_view(&move[i].saga.content));
    DB_ARRAY(&args, text, i, count, move[i].to);
    DB_ARRAY(&args, text, i, count, move[i].note);
    return db_send(db, SQL_ADVANCE, &args, err);
}

static int by_id(const void *a, const void *b)
{
    const struct saga_move *one = a, *other = b;
    return memcmp(one->saga.id.bytes, other->saga.id.bytes, sizeof one->saga.id.bytes);
}

struct saga_move *saga_moves_find(const struct saga_moves *moves, const struct uuid *saga)
{
    struct saga_move key = {.saga.id = *saga};
    return bsearch(&key, moves->move, moves->count, sizeof *moves->move, by_id);
}

static enum saga_result result_of(const char *name)
{
    if (strcmp(name, "moved") == 0)
        return SAGA_MOVED;
    return strcmp(name, "already") == 0 ? SAGA_ALREADY : SAGA_REFUSED;
}

/* Answers come in any order; one for a saga that doesn't exist never comes. */
static void note_results(struct saga_moves *moves, const PGresult *rows)
{
    for (size_t i = 0; i < moves->count; i++) {
        moves->move[i].result = SAGA_REFUSED;
        moves->move[i].rule = "unknown";
    }
    for (int row = 0; row < PQntuples(rows); row++) {
        struct uuid saga = db_uuid(rows, row, 0);
        struct saga_move *move = saga_moves_find(moves, &saga);
        assert(move);
        move->result = result_of(db_text(rows, row, 1));
        move->rule = move->result == SAGA_REFUSED ? db_text_in(moves->arena, rows, row, 2) : NULL;
    }
}

bool saga_advance(struct db *db, struct saga_moves *moves, struct err *err)
{
    OWNED(PGresult) *written = NULL;
    OWNED(PGresult) *moved = NULL;
    if (moves->count == 0 && moves->verdict_count == 0)
        return true;

    qsort(moves->move, moves->count, sizeof *moves->move, by_id);
    if (moves->verdict_count > 0 && !send_verdicts(db, moves, err))
        return err_context(err, "verdicts");
    if (moves->count > 0 && !send_moves(db, moves, err))
        return err_context(err, "advance");
    if (!db_sync(db, err))
        return false;
    if (moves->verdict_count > 0 && !db_receive(db, &written, err))
        return err_context(err, "verdicts");
    if (moves->count > 0) {
        if (!db_receive(db, &moved, err))
            return err_context(err, "advance");
        note_results(moves, moved);
    }
    return true;
}

bool saga_begin_rollback(struct db *db, struct arena *arena, const struct uuid *saga,
                         const char *reason, enum saga_rollback_result *ret_result,
                         const char **ret_why, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_uuid(&args, saga);
    db_arg_text(&args, reason);
    if (!db_query(db, SQL_BEGIN_ROLLBACK, &args, &rows, err))
        return err_context(err, "begin rollback");
    if (PQntuples(rows) != 1)
        return err_set(err, ERR_RETRY, "begin rollback: no answer");

    const char *result = db_text(rows, 0, 0);
    bool begun = strcmp(result, "ok") == 0 || strcmp(result, "unsent") == 0;
    *ret_result = begun               ? SAGA_ROLLBACK_BEGUN
        : strcmp(result, "wait") == 0 ? SAGA_ROLLBACK_WAITS
                                      : SAGA_ROLLBACK_REFUSED;
    *ret_why = db_text_in(arena, rows, 0, 1);
    return true;
}
