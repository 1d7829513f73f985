/* Orders to their table, and who became a customer by which. */
#include "store.h"

#include "ingestor_core_sql.h"

static void add_people(struct db_args *args, const struct bought *bought)
{
    DB_ARRAY(args, bytes, i, bought->count,
             bought->known[i] ? hash_view(&bought->people[i]) : (struct bytes){0});
}

static bool settle_people(struct db *db, const struct task *task, const struct bought *bought,
                          struct err *err)
{
    DB_ARGS args = {0};
    db_arg_text(&args, task->account);
    DB_ARRAY(&args, text, i, bought->count, bought->orders[i].id);
    return db_exec(db, SQL_SETTLE_PEOPLE, &args, err);
}

bool store_add_orders(struct db *db, const struct task *task, const struct opened *opened,
                      const struct bought *bought, int64_t *ret_fresh, struct err *err)
{
    DB_ARGS args = {0};
    OWNED(PGresult) *rows = NULL;
    const struct order *orders = bought->orders;
    size_t count = bought->count;
    *ret_fresh = 0;
    if (count == 0)
        return true;
    db_arg_text(&args, task->account);
    db_arg_i64(&args, opened->raw_id);
    db_arg_time(&args, opened->observed_at);
    DB_ARRAY(&args, text, i, count, orders[i].id);
    DB_ARRAY(&args, time, i, count, orders[i].at_micros);
    add_people(&args, bought);
    DB_ARRAY(&args, text, i, count, orders[i].currency);
    DB_ARRAY(&args, i64, i, count, orders[i].value_micros);
    DB_ARRAY(&args, i64, i, count, orders[i].refunded_micros);
    DB_ARRAY(&args, bool, i, count, orders[i].cancelled);
    db_arg_date(&args, task->window.from);
    db_arg_date(&args, task->window.to);
    if (!db_exec(db, SQL_LOCK_PEOPLE, NULL, err)
        || !db_query(db, SQL_ADD_ORDERS, &args, &rows, err))
        return err_context(err, "add orders");
    *ret_fresh = db_i64(rows, 0, 0);
    return *ret_fresh == 0
        || (settle_people(db, task, bought, err)
            && store_add_vintages(db, task->run, (size_t)*ret_fresh, err));
}
