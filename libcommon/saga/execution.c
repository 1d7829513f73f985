#include "execution.h"

#include "aelp_saga_sql.h"

#include <assert.h>
#include <string.h>

static const char *const mode_names[] = {"shadow", "dry_run", "live"};
static const char *const outcome_names[] = {"applied", "not_applied", "conflict", "unknown"};

/* Columns of saga.begin_execution and saga.take_over. */
enum {
    RESULT,
    REASON,
    RETRY_AT,
    FENCE,
    MODE,
    BACK,
    SENT,
    EFFECT_N,
    ACCOUNT,
    RESOURCE,
    BEFORE,
    AFTER
};

static enum saga_mode mode_of(const char *name)
{
    for (int mode = SAGA_SHADOW; mode <= SAGA_LIVE; mode++)
        if (strcmp(name, mode_names[mode]) == 0)
            return (enum saga_mode)mode;
    return SAGA_SHADOW;
}

static const struct saga_effect *effects_of(struct arena *arena, const PGresult *rows,
                                            size_t *ret_count)
{
    int count = db_null(rows, 0, EFFECT_N) ? 0 : PQntuples(rows);
    struct saga_effect *effects = arena_array(arena, (size_t)count, sizeof *effects);
    for (int row = 0; row < count; row++)
        effects[row] = (struct saga_effect){
            .n = db_i32(rows, row, EFFECT_N),
            .account = db_text_in(arena, rows, row, ACCOUNT),
            .resource = db_text_in(arena, rows, row, RESOURCE),
            .before_micros = db_i64(rows, row, BEFORE),
            .after_micros = db_i64(rows, row, AFTER),
        };
    *ret_count = (size_t)count;
    return effects;
}

static struct saga_order order_of(struct arena *arena, const struct uuid *id, const PGresult *rows)
{
    assert(PQntuples(rows) > 0);
    struct saga_order order = {.id = *id, .reason = db_text_in(arena, rows, 0, REASON)};
    const char *result = db_text(rows, 0, RESULT);
    if (strcmp(result, "wait") == 0) {
        order.result = SAGA_WAIT;
        order.retry_at = db_null(rows, 0, RETRY_AT) ? 0 : db_time(rows, 0, RETRY_AT);
    } else if (strcmp(result, "ok") == 0) {
        order.result = SAGA_OK;
        order.fence = db_i64(rows, 0, FENCE);
        order.mode = mode_of(db_text(rows, 0, MODE));
        order.back = db_bool(rows, 0, BACK);
        order.sent = db_bool(rows, 0, SENT);
        order.effects = effects_of(arena, rows, &order.effect_count);
    } else {
        order.result = SAGA_ENDED;
    }
    return order;
}

static bool receive_orders(struct db *db, struct arena *arena, const struct saga_ask asks[],
                           size_t count, struct saga_order orders[], struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        OWNED(PGresult) *rows = NULL;
        if (!db_receive(db, &rows, err))
            return false;
        orders[i] = order_of(arena, &asks[i].id, rows);
    }
    return true;
}

bool saga_begin(struct db *db, struct arena *arena, const struct saga_ask asks[], size_t count,
                const char *owner, enum saga_mode mode, struct saga_order orders[], struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        DB_ARGS args = {0};
        db_arg_uuid(&args, &asks[i].id);
        db_arg_bytes(&args, asks[i].hash);
        db_arg_text(&args, owner);
        db_arg_text(&args, mode_names[mode]);
        if (!db_send(db, SQL_BEGIN_EXECUTION, &args, err) || !db_sync(db, err))
            return false;
    }
    return receive_orders(db, arena, asks, count, orders, err);
}

bool saga_take_over(struct db *db, struct arena *arena, const struct saga_ask asks[], size_t count,
                    const char *owner, struct saga_order orders[], struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        DB_ARGS args = {0};
        db_arg_uuid(&args, &asks[i].id);
        db_arg_text(&args, owner);
        if (!db_send(db, SQL_TAKE_OVER, &args, err) || !db_sync(db, err))
            return false;
    }
    return receive_orders(db, arena, asks, count, orders, err);
}

bool saga_permit(struct db *db, const struct saga_order orders[], size_t count,
                 int64_t ret_send_by[], struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        DB_ARGS args = {0};
        db_arg_uuid(&args, &orders[i].id);
        db_arg_i64(&args, orders[i].fence);
        if (!db_send(db, SQL_PERMIT_SEND, &args, err) || !db_sync(db, err))
            return false;
    }
    for (size_t i = 0; i < count; i++) {
        OWNED(PGresult) *rows = NULL;
        if (!db_receive(db, &rows, err))
            return false;
        ret_send_by[i] = db_null(rows, 0, 0) ? 0 : db_time(rows, 0, 0);
    }
    return true;
}

static void add_outcomes(struct db_args *args, const struct saga_outcome outcomes[], size_t count)
{
    DB_ARRAY(args, uuid, i, count, &outcomes[i].id);
    DB_ARRAY(args, i64, i, count, outcomes[i].fence);
    DB_ARRAY(args, text, i, count, outcome_names[outcomes[i].kind]);
    DB_ARRAY(args, text, i, count, outcomes[i].evidence ? outcomes[i].evidence : "");
}

/* Flat: which item, which effect, what was read. */
static void add_readbacks(struct db_args *args, const struct saga_outcome outcomes[], size_t count)
{
    db_array_open(args, db_type_i32);
    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; n < outcomes[i].readback_count; n++)
            db_arg_i32(args, (int32_t)i + 1);
    db_array_close(args);
    db_array_open(args, db_type_i32);
    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; n < outcomes[i].readback_count; n++)
            db_arg_i32(args, (int32_t)n + 1);
    db_array_close(args);
    db_array_open(args, db_type_i64);
    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; n < outcomes[i].readback_count; n++)
            db_arg_i64(args, outcomes[i].readbacks[n]);
    db_array_close(args);
}

bool saga_finish(struct db *db, struct arena *arena, const struct saga_outcome outcomes[],
                 size_t count, const char *ret_refusals[], struct err *err)
{
    DB_ARGS args = {0};
    OWNED(PGresult) *rows = NULL;
    add_outcomes(&args, outcomes, count);
    add_readbacks(&args, outcomes, count);
    if (!db_query(db, SQL_FINISH, &args, &rows, err))
        return err_context(err, "finish");

    for (size_t i = 0; i < count; i++)
        ret_refusals[i] = "unknown";
    for (int row = 0; row < PQntuples(rows); row++) {
        int32_t item = db_i32(rows, row, 0);
        assert(item >= 1 && (size_t)item <= count);
        ret_refusals[item - 1] = db_null(rows, row, 1) ? NULL : db_text_in(arena, rows, row, 1);
    }
    return true;
}
