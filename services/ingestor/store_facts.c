/* Facts to and from their tables, each level's columns in one order. COPY can't be prepared, so
 * its texts stand here. */
#include "store.h"

#include "copy.h"
#include "ingestor_core_sql.h"

#include <assert.h>

struct table {
    const char *known, *copy;
    void (*add_keys)(struct db_args *args, const struct fact facts[], size_t count);
    struct fact (*read)(struct arena *arena, const PGresult *rows, int row);
    void (*write)(struct db_args *args, const struct fact *fact);
};

/* The numbers that campaigns and ads share, from this column on; the key is not read. */
static struct fact read_numbers(struct arena *arena, const PGresult *rows, int row, int at)
{
    return (struct fact){
        .setting = db_text_in(arena, rows, row, at),
        .currency = db_text_in(arena, rows, row, at + 1),
        .row =
            {
                  .campaign_name = "",
                  .type = "",
                  .ad_group = "",
                  .ad = "",
                  .utm_source = "",
                  .utm_medium = "",
                  .impressions = db_i64(rows, row, at + 2),
                  .clicks = db_i64(rows, row, at + 3),
                  .cost_micros = db_i64(rows, row, at + 4),
                  .conversions = db_real(rows, row, at + 5),
                  .conversions_on_day = db_null(rows, row, at + 6) ? -1 : db_real(rows, row, at + 6),
                  .value_micros = db_i64(rows, row, at + 7),
                  .view_through = db_i64(rows, row, at + 8),
                  },
    };
}

static void write_numbers(struct db_args *args, const struct fact *fact)
{
    db_arg_text(args, fact->setting);
    db_arg_text(args, fact->currency);
    db_arg_i64(args, fact->row.impressions);
    db_arg_i64(args, fact->row.clicks);
    db_arg_i64(args, fact->row.cost_micros);
    db_arg_real(args, fact->row.conversions);
    if (fact->row.conversions_on_day < 0)
        db_arg_null(args);
    else
        db_arg_real(args, fact->row.conversions_on_day);
    db_arg_i64(args, fact->row.value_micros);
    db_arg_i64(args, fact->row.view_through);
}

static void add_campaign_keys(struct db_args *args, const struct fact facts[], size_t count)
{
    DB_ARRAY(args, text, i, count, facts[i].row.campaign);
}

static struct fact read_campaign(struct arena *arena, const PGresult *rows, int row)
{
    struct fact fact = read_numbers(arena, rows, row, 4);
    fact.row.campaign_name = db_text_in(arena, rows, row, 1);
    fact.row.type = db_text_in(arena, rows, row, 2);
    fact.row.status = db_text_in(arena, rows, row, 3);
    return fact;
}

static void write_campaign(struct db_args *args, const struct fact *fact)
{
    db_arg_text(args, fact->row.campaign);
    db_arg_date(args, fact->row.day);
    db_arg_text(args, fact->row.campaign_name);
    db_arg_text(args, fact->row.type);
    db_arg_text(args, fact->row.status);
    write_numbers(args, fact);
}

static void add_ad_keys(struct db_args *args, const struct fact facts[], size_t count)
{
    DB_ARRAY(args, text, i, count, facts[i].row.ad);
}

static struct fact read_ad(struct arena *arena, const PGresult *rows, int row)
{
    struct fact fact = read_numbers(arena, rows, row, 4);
    fact.row.campaign = db_text_in(arena, rows, row, 1);
    fact.row.ad_group = db_text_in(arena, rows, row, 2);
    fact.row.status = db_text_in(arena, rows, row, 3);
    return fact;
}

static void write_ad(struct db_args *args, const struct fact *fact)
{
    db_arg_text(args, fact->row.ad);
    db_arg_date(args, fact->row.day);
    db_arg_text(args, fact->row.campaign);
    db_arg_text(args, fact->row.ad_group);
    db_arg_text(args, fact->row.status);
    write_numbers(args, fact);
}

static void add_session_keys(struct db_args *args, const struct fact facts[], size_t count)
{
    DB_ARRAY(args, text, i, count, facts[i].row.utm_source);
    DB_ARRAY(args, text, i, count, facts[i].row.utm_medium);
    DB_ARRAY(args, text, i, count, facts[i].row.campaign);
}

static struct fact read_sessions(struct arena *arena, const PGresult *rows, int row)
{
    return (struct fact){
        .setting = "",
        .currency = db_text_in(arena, rows, row, 1),
        .row =
            {
                  .campaign_name = "",
                  .type = "",
                  .status = "",
                  .ad_group = "",
                  .ad = "",
                  .sessions = db_i64(rows, row, 2),
                  .users = db_i64(rows, row, 3),
                  .conversions = db_real(rows, row, 4),
                  .conversions_on_day = -1,
                  .value_micros = db_i64(rows, row, 5),
                  },
    };
}

static void write_sessions(struct db_args *args, const struct fact *fact)
{
    db_arg_text(args, fact->row.utm_source);
    db_arg_text(args, fact->row.utm_medium);
    db_arg_text(args, fact->row.campaign);
    db_arg_date(args, fact->row.day);
    db_arg_text(args, fact->currency);
    db_arg_i64(args, fact->row.sessions);
    db_arg_i64(args, fact->row.users);
    db_arg_real(args, fact->row.conversions);
    db_arg_i64(args, fact->row.value_micros);
}

static const struct table tables[] = {
    [REPORT_CAMPAIGNS] =
        {SQL_KNOWN_CAMPAIGNS,
                            "COPY ingest.campaign_day (account, campaign, business_date, campaign_name, type, status, "
         "setting, currency, impressions, clicks, cost_micros, conversions, conversions_on_day, "
         "value_micros, view_through, observed_at, raw_id) FROM STDIN (FORMAT binary)", add_campaign_keys, read_campaign, write_campaign},
    [REPORT_ADS] =
        {SQL_KNOWN_ADS,
                            "COPY ingest.ad_day (account, ad, business_date, campaign, ad_group, status, "
         "setting, currency, impressions, clicks, cost_micros, conversions, conversions_on_day, "
         "value_micros, view_through, observed_at, raw_id) FROM STDIN (FORMAT binary)", add_ad_keys,       read_ad,       write_ad      },
    [REPORT_SESSIONS] =
        {SQL_KNOWN_SESSIONS,
                            "COPY ingest.ga4_day (account, utm_source, utm_medium, campaign, business_date, currency, "
         "sessions, users, key_events, value_micros, observed_at, raw_id) "
         "FROM STDIN (FORMAT binary)",                                                  add_session_keys,  read_sessions, write_sessions},
};

/* The columns of the key are not asked for again: they are what was looked up. */
static void take_key(enum report_level level, const struct report_row *of, struct report_row *row)
{
    row->day = of->day;
    if (level != REPORT_ADS)
        row->campaign = of->campaign;
    row->ad = of->ad;
    row->utm_source = of->utm_source;
    row->utm_medium = of->utm_medium;
}

bool store_load_known(struct db *db, struct arena *arena, const struct task *task,
                      const struct fact facts[], size_t count, struct known **ret_known,
                      size_t *ret_count, struct err *err)
{
    DB_ARGS args = {0};
    OWNED(PGresult) *rows = NULL;
    const struct table *table = &tables[task->level];
    db_arg_text(&args, task->account);
    DB_ARRAY(&args, date, i, count, facts[i].row.day);
    table->add_keys(&args, facts, count);
    if (!db_query(db, table->known, &args, &rows, err))
        return err_context(err, "load vintages");

    size_t found = (size_t)PQntuples(rows);
    struct known *known = arena_array(arena, found, sizeof *known);
    for (size_t i = 0; i < found; i++) {
        known[i].n = (size_t)db_i32(rows, (int)i, 0);
        assert(known[i].n < count);
        known[i].fact = table->read(arena, rows, (int)i);
        take_key(task->level, &facts[known[i].n].row, &known[i].fact.row);
    }
    *ret_known = known;
    *ret_count = found;
    return true;
}

bool store_add_vintages(struct db *db, int64_t run, size_t count, struct err *err)
{
    DB_ARGS args = {0};
    db_arg_i64(&args, run);
    db_arg_i64(&args, (int64_t)count);
    return db_exec(db, SQL_ADD_VINTAGES, &args, err);
}

bool store_add_facts(struct db *db, const struct task *task, const struct opened *opened,
                     const struct fact facts[], size_t count, struct err *err)
{
    DB_ARGS args = {0};
    DB_COPY copy = {0};
    const struct table *table = &tables[task->level];
    if (count == 0)
        return true;
    for (size_t i = 0; i < count; i++) {
        db_arg_text(&args, task->account);
        table->write(&args, &facts[i]);
        db_arg_time(&args, opened->observed_at);
        db_arg_i64(&args, opened->raw_id);
        db_copy_add(&copy, &args);
    }
    return (db_copy_send(db, table->copy, &copy, err)
            && store_add_vintages(db, task->run, count, err))
        || err_context(err, "add vintages");
}
