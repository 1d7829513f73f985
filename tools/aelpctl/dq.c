#include "dq.h"

#include "aelpctl_core_sql.h"
#include "clock.h"
#include "ledger.h"
#include "quality.h"
#include "table.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { sources_max = 32 };

static const int64_t look_ms = 200;
static const int32_t patience_ms = 120000;

typedef struct quality suites;
DEFINE_OWNED(suites, quality_free)
typedef struct arena lines_arena;
DEFINE_OWNED(lines_arena, arena_free)

/* What a command works with. */
struct desk {
    const struct cli *cli;
    struct db *db;
    struct quality *quality; /* of a dry run; outlives the connection */
    json_t *all;             /* that goes to stdout with -o json */
    int64_t until_ms;
};

/* Of one source, or one account of it. */
struct asked {
    char source[40], account[104];
    int64_t check; /* that was asked for */
};

/* What a rule found, as it is shown. */
struct line {
    const char *table, *rule, *severity, *holds, *sentence, *examples;
    int64_t count;
};

static void print_lines(const struct cli *cli, const struct line lines[], size_t count)
{
    struct table table = {
        .head = {"holds", "severity", "rule", "count", "examples"},
          .columns = 5
    };
    for (size_t i = 0; i < count; i++) {
        char number[24];
        snprintf(number, sizeof number, "%lld", (long long)lines[i].count);
        table_add(&table, lines[i].holds);
        table_add(&table, lines[i].severity);
        table_add(&table, lines[i].rule);
        table_add(&table, number);
        table_add(&table, lines[i].count > 0 ? lines[i].examples : "");
    }
    table_print(cli, &table);
    table_done(&table);
    for (size_t i = 0; i < count; i++)
        if (lines[i].count > 0)
            cli_say("%s (%s): %s", lines[i].rule, lines[i].table, lines[i].sentence);
}

static json_t *lines_to_json(const struct line lines[], size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(
            array,
            json_pack("{s:s, s:s, s:s, s:b, s:I, s:o?, s:s}", "table", lines[i].table, "rule",
                      lines[i].rule, "severity", lines[i].severity, "holds", lines[i].count == 0,
                      "count", (json_int_t)lines[i].count, "examples",
                      json_loads(lines[i].examples, 0, NULL), "sentence", lines[i].sentence));
    return array;
}

/* One check with what its rules found; its code. */
static int print_check(const struct desk *desk, const char *outcome, const char *sentence,
                       const struct line lines[], size_t count)
{
    bool bad = strcmp(outcome, "failed") == 0 || strcmp(outcome, "broken") == 0;
    if (desk->cli->json)
        json_array_append_new(desk->all,
                              json_pack("{s:s, s:s, s:o}", "outcome", outcome, "sentence", sentence,
                                        "rules", lines_to_json(lines, count)));
    else
        print_lines(desk->cli, lines, count);
    cli_say("%s%s%s", outcome, *sentence ? ": " : "", sentence);
    return bad ? EXIT_ERROR : EXIT_DONE;
}

static int print_kept(const struct desk *desk, int64_t check)
{
    OWNED(PGresult) *run = NULL;
    OWNED(PGresult) *rows = NULL;
    OWNED(lines_arena) *arena = arena_new();
    DB_ARGS args = {0};
    db_arg_i64(&args, check);
    int code = ledger_query(desk->db, SQL_DQ_RUN, &args, &run);
    if (!code && PQntuples(run) == 0)
        return cli_fail(EXIT_UNKNOWN, "aelpctl dq show", "there is no check %lld",
                        (long long)check);
    if (!code)
        code = ledger_query(desk->db, SQL_DQ_RESULTS, &args, &rows);
    if (code)
        return code;
    size_t count = (size_t)PQntuples(rows);
    struct line *lines = arena_array(arena, count, sizeof *lines);
    for (int i = 0; i < (int)count; i++)
        lines[i] = (struct line){
            .table = db_text(rows, i, 0),
            .rule = db_text(rows, i, 1),
            .severity = db_text(rows, i, 2),
            .holds = db_i64(rows, i, 3) == 0 ? "ok" : "no",
            .count = db_i64(rows, i, 3),
            .examples = db_text(rows, i, 4),
            .sentence = db_text(rows, i, 5),
        };
    return print_check(desk, db_text(run, 0, 0), db_text(run, 0, 1), lines, count);
}

static int print_dry(const struct desk *desk, const struct quality_report *report,
                     struct arena *arena)
{
    struct line *lines = arena_array(arena, report->count, sizeof *lines);
    for (size_t i = 0; i < report->count; i++) {
        const struct finding *finding = &report->findings[i];
        lines[i] = (struct line){
            .table = finding->suite->table,
            .rule = finding->rule->name,
            .severity = severity_text(finding->rule->severity),
            .holds = finding_holds(finding) ? "ok" : "no",
            .count = finding->offending,
            .examples = finding->examples,
            .sentence = finding_sentence(arena, finding),
        };
    }
    return print_check(desk, report->verdict.passed ? "passed" : "failed", report->verdict.sentence,
                       lines, report->count);
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static int run_dry(const struct desk *desk, const struct asked *asked)
{
    OWNED(lines_arena) *arena = arena_new();
    struct err err = {0};
    struct quality_report report;
    const struct quality_ask ask = {
        .source = asked->source,
        .account = asked->account,
        .from = or_empty(desk->cli->flags.from),
        .to = or_empty(desk->cli->flags.to),
        .patience_ms = patience_ms,
    };
    if (!quality_check(desk->quality, desk->db, arena, &ask, &report, &err))
        return cli_fail(err.kind == ERR_RETRY ? EXIT_UNREACHABLE : EXIT_ERROR, NULL, "%s",
                        err.text);
    return print_dry(desk, &report, arena);
}

static int ask_for(const struct desk *desk, struct asked *asked)
{
    const struct cli *cli = desk->cli;
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_text(&args, asked->source);
    db_arg_text(&args, asked->account);
    db_arg_text(&args, or_empty(cli->flags.from));
    db_arg_text(&args, or_empty(cli->flags.to));
    db_arg_text(&args, cli->settings.token);
    int code = ledger_query(desk->db, SQL_DQ_ASK, &args, &rows);
    if (code)
        return code;
    if (strcmp(db_text(rows, 0, 0), "asked") != 0)
        return cli_fail(EXIT_REFUSED, NULL, "refused: %s", db_text(rows, 0, 1));
    asked->check = db_i64(rows, 0, 2);
    return EXIT_DONE;
}

/* Until guardrail-evaluator has done it. */
static int wait_for(const struct desk *desk, int64_t check)
{
    for (;;) {
        OWNED(PGresult) *rows = NULL;
        DB_ARGS args = {0};
        db_arg_i64(&args, check);
        int code = ledger_query(desk->db, SQL_DQ_RUN, &args, &rows);
        if (code)
            return code;
        if (PQntuples(rows) == 0 || strcmp(db_text(rows, 0, 0), "waiting") != 0)
            return EXIT_DONE;
        if (clock_boot_ms() >= desk->until_ms)
            return cli_fail(EXIT_TIMED_OUT, "aelpctl dq show", "check %lld is not done yet",
                            (long long)check);
        nanosleep(&(struct timespec){0, look_ms * 1000000}, NULL);
    }
}

/* What --source names, or every source that is read. */
static int find_asked(const struct desk *desk, struct asked asked[static sources_max],
                      size_t *ret_count)
{
    OWNED(PGresult) *rows = NULL;
    const char *given = desk->cli->flags.source;
    if (given) {
        snprintf(asked[0].source, sizeof asked[0].source, "%.*s", (int)strcspn(given, "/"), given);
        snprintf(asked[0].account, sizeof asked[0].account, "%s", strchr(given, '/') ? given : "");
        *ret_count = 1;
        return EXIT_DONE;
    }
    int code = ledger_query(desk->db, SQL_DQ_SOURCES, NULL, &rows);
    if (code)
        return code;
    *ret_count = (size_t)PQntuples(rows) < sources_max ? (size_t)PQntuples(rows) : sources_max;
    for (size_t i = 0; i < *ret_count; i++)
        snprintf(asked[i].source, sizeof asked[i].source, "%s", db_text(rows, (int)i, 0));
    return *ret_count ? EXIT_DONE : cli_fail(EXIT_UNKNOWN, NULL, "no source has been read yet");
}

static int worse(int a, int b)
{
    return a ? a : b;
}

static int run_all(const struct desk *desk)
{
    struct asked asked[sources_max] = {0};
    size_t count = 0;
    bool dry = desk->cli->flags.dry_run;
    int code = find_asked(desk, asked, &count);
    for (size_t i = 0; i < count && !code && !dry; i++)
        code = ask_for(desk, &asked[i]);
    if (code)
        return code;
    for (size_t i = 0; i < count; i++) {
        if (dry) {
            code = worse(code, run_dry(desk, &asked[i]));
            continue;
        }
        int waited = wait_for(desk, asked[i].check);
        code = worse(code, waited ? waited : print_kept(desk, asked[i].check));
    }
    return code;
}

int run_dq_run(struct cli *cli)
{
    OWNED(suites) *quality = NULL;
    OWNED(ledger) *db = NULL;
    OWNED(json_t) *all = json_array();
    struct err err = {0};
    int64_t timeout_s = 180;
    if (!cli->flags.from != !cli->flags.to)
        return cli_fail(EXIT_USAGE, NULL, "--from and --to belong together");
    if (cli->flags.timeout && !cli_number(cli->flags.timeout, 1, 86400, &timeout_s))
        return cli_fail(EXIT_USAGE, NULL, "--timeout: 1 to 86400 seconds");
    if (!quality_new(&quality, &err))
        return cli_fail(EXIT_ERROR, NULL, "%s", err.text);
    int code = ledger_open(cli->settings.ctl_url, "AELP2_CTL_URL", &db);
    if (code)
        return code;
    const struct desk desk = {cli, db, quality, all, clock_boot_ms() + timeout_s * 1000};
    code = run_all(&desk);
    if (cli->json && json_array_size(all) > 0)
        print_json(all);
    return code;
}

int run_dq_show(struct cli *cli)
{
    static const char *const columns[] = {"id", "of",      "from",     "to", "at",
                                          "by", "outcome", "sentence", NULL};
    OWNED(ledger) *db = NULL;
    OWNED(json_t) *all = json_array();
    int64_t check;
    if (cli->arg_count == 0)
        return ledger_ctl_list(cli, SQL_DQ_LIST, columns, "nothing was checked yet");
    if (!cli_number(cli->args[0], 1, INT64_MAX, &check))
        return cli_fail(EXIT_USAGE, "aelpctl dq show", "'%s' is not the number of a check",
                        cli->args[0]);
    int code = ledger_open(cli->settings.ctl_url, "AELP2_CTL_URL", &db);
    if (code)
        return code;
    const struct desk desk = {.cli = cli, .db = db, .all = all};
    code = print_kept(&desk, check);
    if (cli->json && json_array_size(all) > 0)
        print_json(json_array_get(all, 0));
    return code;
}
