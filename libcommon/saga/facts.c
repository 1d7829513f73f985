#include "facts.h"

#include "aelp_saga_sql.h"

#include <math.h>
#include <string.h>

enum {
    SAGA,
    ACCOUNT,
    RESOURCE,
    CURRENCY,
    BEFORE,
    AFTER,
    LIVE,
    LIVE_AGE,
    SHARED,
    ENABLED,
    DAILY,
    BUSY,
    UNIT,
    BASE,
    ACCOUNT_BASE,
    USED,
    ACCOUNT_USED,
    DRIFT_BASE,
    ACCOUNT_DRIFT_BASE,
    ACCOUNT_LIVE,
    TARGET_RAMP,
    ACCOUNT_RAMP,
};

static int64_t micros_of(const PGresult *rows, int row, int column)
{
    return db_null(rows, row, column) ? saga_unknown : db_i64(rows, row, column);
}

static struct saga_fact fact_of(struct arena *arena, const PGresult *rows, int row)
{
    return (struct saga_fact){
        .saga = db_uuid(rows, row, SAGA),
        .account = db_text_in(arena, rows, row, ACCOUNT),
        .resource = db_text_in(arena, rows, row, RESOURCE),
        .currency = db_text_in(arena, rows, row, CURRENCY),
        .unit_micros = db_i64(rows, row, UNIT),
        .before_micros = db_i64(rows, row, BEFORE),
        .after_micros = db_i64(rows, row, AFTER),
        .live_micros = micros_of(rows, row, LIVE),
        .live_age_s = db_null(rows, row, LIVE_AGE) ? (double)NAN : db_real(rows, row, LIVE_AGE),
        .shared = db_bool(rows, row, SHARED),
        .enabled = db_bool(rows, row, ENABLED),
        .daily = db_bool(rows, row, DAILY),
        .busy = db_bool(rows, row, BUSY),
        .base_micros = micros_of(rows, row, BASE),
        .account_base_micros = micros_of(rows, row, ACCOUNT_BASE),
        .used_micros = db_i64(rows, row, USED),
        .account_used_micros = db_i64(rows, row, ACCOUNT_USED),
        .drift_base_micros = micros_of(rows, row, DRIFT_BASE),
        .account_drift_base_micros = micros_of(rows, row, ACCOUNT_DRIFT_BASE),
        .account_live_micros = micros_of(rows, row, ACCOUNT_LIVE),
        .target_ramp_bp = db_i32(rows, row, TARGET_RAMP),
        .account_ramp_bp = db_i32(rows, row, ACCOUNT_RAMP),
    };
}

bool saga_load_facts(struct db *db, struct arena *arena, const struct uuid sagas[], size_t count,
                     struct saga_fact **ret_facts, size_t *ret_count, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    DB_ARRAY(&args, uuid, i, count, &sagas[i]);
    if (!db_query(db, SQL_CAP_FACTS, &args, &rows, err))
        return err_context(err, "cap facts");

    int fact_count = PQntuples(rows);
    struct saga_fact *facts = arena_array(arena, (size_t)fact_count, sizeof *facts);
    for (int row = 0; row < fact_count; row++)
        facts[row] = fact_of(arena, rows, row);
    *ret_facts = facts;
    *ret_count = (size_t)fact_count;
    return true;
}
