/* A job is emitted, and its run looked at until it ends; it goes on without whoever looks. */
#include "platforms.h"

#include "aelpctl_core_sql.h"
#include "clock.h"
#include "data.pb-c.h"
#include "ledger.h"
#include "mem.h"
#include "table.h"
#include "uuid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { days_max = 1100, bar_width = 30 };
static const int64_t look_ms = 200;

/* Columns of platforms_progress. */
enum { OUTCOME = 1, DAYS, DAYS_DONE, PAGES, ROWS, NEW, WHY };

struct job {
    const char *account;
    char subject[120], id[UUID_TEXT + 12];
    struct bytes body;
};

int run_platforms_list(struct cli *cli)
{
    OWNED(PGresult) *rows = NULL;
    int code = ledger_ctl(cli, SQL_PLATFORMS_LIST, NULL, &rows);
    if (!code)
        print_rows(cli, rows, "nothing to pull from; aelpctl accounts add, or platforms add");
    return code;
}

int run_platforms_add(struct cli *cli)
{
    DB_ARGS args = {0};
    db_arg_text(&args, cli->args[0]);
    db_arg_text(&args, cli->flags.tz);
    db_arg_bool(&args, cli->flags.world);
    return ledger_admin_change(cli, SQL_PLATFORMS_ADD, &args, "done");
}

static struct job job_of(struct arena *arena, const char *account, uint32_t days)
{
    Aelp__V1__IngestJob body = AELP__V1__INGEST_JOB__INIT;
    struct uuid id = uuid_random();
    char text[UUID_TEXT];
    struct job job = {.account = account};
    body.account = arena_text(arena, account, strlen(account));
    body.days = days;
    body.probe = days == 0;
    size_t length = aelp__v1__ingest_job__get_packed_size(&body);
    uint8_t *packed = arena_new_bytes(arena, length);
    (void)aelp__v1__ingest_job__pack(&body, packed); /* as long as it said */
    job.body = bytes_of(packed, length);
    uuid_text(&id, text);
    snprintf(job.id, sizeof job.id, "aelpctl.%s", text);
    snprintf(job.subject, sizeof job.subject, "job.ingest.%.*s", (int)strcspn(account, "/"),
             account);
    return job;
}

static int emit(struct db *db, const struct job jobs[], size_t count)
{
    DB_ARGS args = {0};
    OWNED(PGresult) *rows = NULL;
    DB_ARRAY(&args, text, i, count, jobs[i].subject);
    DB_ARRAY(&args, text, i, count, jobs[i].id);
    DB_ARRAY(&args, bytes, i, count, jobs[i].body);
    return ledger_query(db, SQL_PLATFORMS_ASK, &args, &rows);
}

static int look(struct db *db, const struct job jobs[], size_t count, PGresult **ret_rows)
{
    DB_ARGS args = {0};
    DB_ARRAY(&args, text, i, count, jobs[i].id);
    return ledger_query(db, SQL_PLATFORMS_PROGRESS, &args, ret_rows);
}

static size_t ended_of(const PGresult *rows, const char *outcome)
{
    size_t ended = 0;
    for (int i = 0; i < PQntuples(rows); i++)
        ended += outcome ? strcmp(db_text(rows, i, OUTCOME), outcome) == 0
                         : strcmp(db_text(rows, i, OUTCOME), "running") != 0;
    return ended;
}

/* "[#####.....] 12 of 365 days, 34500 rows, 120 new", over the former one. */
static void draw(const PGresult *rows)
{
    char bar[bar_width + 1];
    const char *why = db_text(rows, 0, WHY);
    int64_t days = strtoll(db_text(rows, 0, DAYS), NULL, 10);
    int64_t done = strtoll(db_text(rows, 0, DAYS_DONE), NULL, 10);
    int filled = days > 0 ? (int)(bar_width * done / days) : 0;
    memset(bar, '#', bar_width);
    memset(bar + filled, '.', (size_t)(bar_width - filled));
    bar[bar_width] = '\0';
    fprintf(stderr, "\r[%s] %s of %s days, %s rows, %s new%s%.60s\033[K", bar,
            db_text(rows, 0, DAYS_DONE), db_text(rows, 0, DAYS), db_text(rows, 0, ROWS),
            db_text(rows, 0, NEW), *why ? "; trying again: " : "", why);
}

/* Until all have ended, or it is enough; *ret_rows is the last look. */
static int follow(struct db *db, const struct job jobs[], size_t count, int64_t timeout_ms,
                  bool bar, PGresult **ret_rows)
{
    int64_t end_ms = clock_boot_ms() + timeout_ms;
    for (;;) {
        OWNED(PGresult) *rows = NULL;
        int code = look(db, jobs, count, &rows);
        if (code)
            return code;
        if (bar && PQntuples(rows) > 0)
            draw(rows);
        bool over = clock_boot_ms() >= end_ms;
        if (ended_of(rows, NULL) == count || over) {
            if (bar)
                fputc('\n', stderr);
            *ret_rows = TAKE(rows);
            return EXIT_DONE;
        }
        nanosleep(&(struct timespec){0, look_ms * 1000000}, NULL);
    }
}

/* What it all came to, as a table and a code. */
static int tell(struct cli *cli, const PGresult *rows, size_t count)
{
    print_rows(cli, rows, "nobody took it up");
    if (ended_of(rows, NULL) < count)
        return cli_fail(EXIT_TIMED_OUT, "aelpctl platforms list", "it goes on without us");
    return ended_of(rows, "failed") ? EXIT_ERROR : EXIT_DONE;
}

static int timeout_of(const struct cli *cli, int64_t most_s, int64_t *ret_ms)
{
    if (cli->flags.timeout && !cli_number(cli->flags.timeout, 1, 86400, &most_s))
        return cli_fail(EXIT_USAGE, NULL, "--timeout: seconds, 1 to 86400");
    *ret_ms = most_s * 1000;
    return EXIT_DONE;
}

/* Jobs for the accounts there are, or for the one that is named; days 0: only asks. */
static int run_jobs(struct cli *cli, const char *account, uint32_t days, int64_t timeout_ms)
{
    OWNED(ledger) *db = NULL;
    OWNED(PGresult) *accounts = NULL;
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_text(&args, account);
    int code = ledger_open(cli->settings.ctl_url, "AELP2_CTL_URL", &db);
    code = code ? code : ledger_query(db, SQL_PLATFORMS_ACCOUNTS, &args, &accounts);
    if (code)
        return code;
    size_t count = (size_t)PQntuples(accounts);
    if (count == 0)
        return cli_fail(EXIT_UNKNOWN, "aelpctl platforms list", "nothing to pull from%s%s",
                        *account ? ": " : "", account);
    struct arena *arena = arena_new();
    struct job *jobs = arena_array(arena, count, sizeof *jobs);
    for (size_t i = 0; i < count; i++)
        jobs[i] = job_of(arena, db_text(accounts, (int)i, 0), days);
    bool bar = days > 0 && isatty(STDERR_FILENO);
    code = emit(db, jobs, count);
    code = code ? code : follow(db, jobs, count, timeout_ms, bar, &rows);
    code = code ? code : tell(cli, rows, count);
    arena_free(arena);
    return code;
}

int run_platforms_check(struct cli *cli)
{
    int64_t timeout_ms = 0;
    int code = timeout_of(cli, 60, &timeout_ms);
    return code ? code : run_jobs(cli, cli->arg_count ? cli->args[0] : "", 0, timeout_ms);
}

int run_platforms_backfill(struct cli *cli)
{
    int64_t timeout_ms = 0, days;
    if (!cli_number(cli->flags.days, 1, days_max, &days))
        return cli_fail(EXIT_USAGE, NULL, "--days: 1 to %d", days_max);
    int code = timeout_of(cli, 86400, &timeout_ms);
    return code ? code : run_jobs(cli, cli->args[0], (uint32_t)days, timeout_ms);
}
