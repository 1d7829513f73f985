#include "quality.h"

#include "aelp_quality_sql.h"
#include "clock.h"
#include "fill.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *file, *text;
} files[] = {
    {"ads_campaign_performance.json", JSON_ADS_CAMPAIGN_PERFORMANCE},
    {"ads_ad_performance.json",       JSON_ADS_AD_PERFORMANCE      },
    {"ga4_aggregates.json",           JSON_GA4_AGGREGATES          },
    {"orders.json",                   JSON_ORDERS                  },
};

struct quality {
    struct arena *arena;
    struct suite *suite[COUNT(files)];
    const char *sql[COUNT(files)][SUITE_RULES_MAX]; /* filled when first asked for */
};

bool quality_new(struct quality **ret_quality, struct err *err)
{
    struct quality *quality = mem_new(sizeof *quality);
    quality->arena = arena_new();
    for (size_t i = 0; i < COUNT(files); i++)
        if (!suite_read(quality->arena, files[i].file, files[i].text, &quality->suite[i], err)) {
            quality_free(quality);
            return false;
        }
    *ret_quality = quality;
    return true;
}

void quality_free(struct quality *quality)
{
    if (!quality)
        return;
    arena_free(quality->arena);
    mem_free(quality);
}

const struct suite *quality_suite(const struct quality *quality, size_t index)
{
    return index < COUNT(files) ? quality->suite[index] : NULL;
}

const char *quality_statement(struct quality *quality, struct db *db, size_t suite, size_t rule)
{
    const struct suite *of = quality->suite[suite];
    if (!quality->sql[suite][rule])
        quality->sql[suite][rule] = fill_rule(db_conn(db), quality->arena, of, &of->rules[rule]);
    return quality->sql[suite][rule];
}

enum { pieces_max = QUALITY_DAYS_MAX / QUALITY_PIECE_DAYS + 1 };

/* Whose data and which days, as the statements take them. */
struct asked {
    const char **accounts;
    int64_t *now;
    size_t count;
    const char *from, *to;
    struct piece {
        const char *from, *to;
    } piece[pieces_max]; /* the newest first */
    size_t piece_count;
};

static bool load_pieces(struct db *db, struct arena *arena, struct asked *asked, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_text(&args, asked->from);
    db_arg_text(&args, asked->to);
    db_arg_i32(&args, QUALITY_PIECE_DAYS);
    if (!db_query(db, SQL_QUALITY_PIECES, &args, &rows, err))
        return err_context(err, "days");
    asked->piece_count = (size_t)PQntuples(rows);
    if (asked->piece_count == 0 || asked->piece_count > pieces_max)
        return err_set(err, ERR_REJECT, "from %s to %s: 1 to %d days", asked->from, asked->to,
                       QUALITY_DAYS_MAX);
    for (size_t i = 0; i < asked->piece_count; i++)
        asked->piece[i] =
            (struct piece){db_text_in(arena, rows, (int)i, 0), db_text_in(arena, rows, (int)i, 1)};
    asked->from = asked->piece[asked->piece_count - 1].from;
    asked->to = asked->piece[0].to;
    return true;
}

static bool load_asked(struct db *db, struct arena *arena, const struct quality_ask *ask,
                       struct asked *ret_asked, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_text(&args, ask->source);
    db_arg_text(&args, ask->account);
    if (!db_query(db, SQL_QUALITY_ASKED, &args, &rows, err))
        return err_context(err, "accounts");
    size_t count = (size_t)PQntuples(rows);
    if (count == 0)
        return err_set(err, ERR_REJECT, "nothing has been read of %s yet",
                       *ask->account ? ask->account : ask->source);
    struct asked asked = {.accounts = arena_array(arena, count, sizeof *asked.accounts),
                          .now = arena_array(arena, count, sizeof *asked.now),
                          .count = count,
                          .from = ask->from,
                          .to = ask->to};
    for (size_t i = 0; i < count; i++) {
        asked.accounts[i] = db_text_in(arena, rows, (int)i, 0);
        asked.now[i] = db_time(rows, (int)i, 1);
    }
    if (!*ask->from)
        asked.from = db_text_in(arena, rows, 0, 2);
    if (!*ask->to)
        asked.to = db_text_in(arena, rows, 0, 3);
    *ret_asked = asked;
    return (*asked.from && *asked.to)
        || err_set(err, ERR_REJECT, "%s was never read whole: say from which day to which",
                   ask->source);
}

static void add_values(struct db_args *args, const struct suite_rule *rule)
{
    for (size_t i = 0; i < KIND_PARAMETERS_MAX && rule->kind->parameter[i].name; i++) {
        if (rule->kind->parameter[i].type == PARAMETER_NUMBER)
            db_arg_real(args, rule->value[i].number);
        if (rule->kind->parameter[i].type == PARAMETER_WORDS)
            DB_ARRAY(args, text, k, rule->value[i].words.count, rule->value[i].words.word[k]);
    }
}

static bool check_piece(struct db *db, struct arena *arena, const char *sql,
                        const struct asked *asked, const struct piece *piece,
                        struct finding *finding, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    int64_t begun_ms = clock_boot_ms();
    DB_ARRAY(&args, text, i, asked->count, asked->accounts[i]);
    db_arg_text(&args, piece->from);
    db_arg_text(&args, piece->to);
    DB_ARRAY(&args, time, i, asked->count, asked->now[i]);
    add_values(&args, finding->rule);
    if (!db_query(db, sql, &args, &rows, err))
        return err_context(err, "%s.%s", finding->suite->table, finding->rule->name);
    if (finding->offending == 0)
        finding->examples = db_text_in(arena, rows, 0, 1);
    finding->offending += db_i64(rows, 0, 0);
    finding->took_ms += clock_boot_ms() - begun_ms;
    return true;
}

static bool check_rule(struct db *db, struct arena *arena, const char *sql,
                       const struct quality_ask *ask, const struct asked *asked,
                       struct finding *finding, struct err *err)
{
    size_t count = finding->rule->kind->once ? 1 : asked->piece_count;
    for (size_t i = 0; i < count; i++)
        if ((ask->go_on && !ask->go_on(ask->user, err))
            || !check_piece(db, arena, sql, asked, &asked->piece[i], finding, err))
            return false;
    return true;
}

static bool take_patience(struct db *db, int32_t patience_ms, struct err *err)
{
    char text[16];
    DB_ARGS args = {0};
    snprintf(text, sizeof text, "%d", (int)patience_ms);
    db_arg_text(&args, text);
    return db_exec(db, SQL_QUALITY_PATIENCE, &args, err) || err_context(err, "patience");
}

bool quality_check(struct quality *quality, struct db *db, struct arena *arena,
                   const struct quality_ask *ask, struct quality_report *ret_report,
                   struct err *err)
{
    struct asked asked = {0};
    struct finding *findings = arena_array(arena, COUNT(files) * SUITE_RULES_MAX, sizeof *findings);
    size_t count = 0;
    if (!take_patience(db, ask->patience_ms, err) || !load_asked(db, arena, ask, &asked, err)
        || !load_pieces(db, arena, &asked, err))
        return false;
    for (size_t s = 0; s < COUNT(files); s++) {
        const struct suite *suite = quality->suite[s];
        for (size_t r = 0; r < suite->rule_count && suite_covers(suite, ask->source); r++) {
            const char *sql = quality_statement(quality, db, s, r);
            findings[count] = (struct finding){.suite = suite, .rule = &suite->rules[r]};
            if (!check_rule(db, arena, sql, ask, &asked, &findings[count++], err))
                return false;
        }
    }
    if (count == 0)
        return err_set(err, ERR_REJECT, "there is no suite for %s", ask->source);
    *ret_report = (struct quality_report){asked.from, asked.to, findings, count, {0}};
    verdict_of(arena,
               arena_format(arena, "%s, %s to %s", *ask->account ? ask->account : ask->source,
                            asked.from, asked.to),
               findings, count, &ret_report->verdict);
    return true;
}
