/* load_tool: pages of Google's campaigns through every step between the wire and the commit, each
 * step timed; for tests/bench/ingest.
 *
 *     unit_ingestor_load_tool ROWS CLICKS ARCHIVE_DIR     (DATABASE_URL of the ingestor)
 *
 * CLICKS is added to every tenth row's, so that another number restates a tenth of them. Prints a
 * line a step, "step seconds", then "rows" and "new" with their counts. */
#include "archive.h"
#include "clock.h"
#include "mem.h"
#include "store.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum { page_rows = 10000, campaigns = 400, first_day = 20000 };

static const char add_account_sql[] =
    "INSERT INTO ingest.source_state (account) VALUES ('google/1') ON CONFLICT DO NOTHING";

enum step { ARCHIVE, READ, SORT, OPEN, KNOWN, COMPARE, COPY, COMMIT, STEPS };
static const char *const step_names[] = {
    [ARCHIVE] = "archive", [READ] = "read",       [SORT] = "sort", [OPEN] = "open",
    [KNOWN] = "known",     [COMPARE] = "compare", [COPY] = "copy", [COMMIT] = "commit",
};

static struct db *db;
static struct err err;
static struct task task;
static struct arena *arena;
static int64_t spent_ns[STEPS], lap_ns;
static size_t new_count;

static void must(bool ok)
{
    if (!ok) {
        fprintf(stderr, "load_tool: %s\n", err.text);
        exit(1);
    }
}

static void lap(enum step step)
{
    int64_t now_ns = clock_boot_ns();
    spent_ns[step] += now_ns - lap_ns;
    lap_ns = now_ns;
}

static void add_row(struct buffer *page, int n, int clicks)
{
    char date[CLOCK_TEXT];
    int campaign = n % campaigns, day = first_day + n / campaigns;
    clock_text(day * INT64_C(86400000000), date);
    buffer_format(
        page,
        "{\"customer\":{\"resourceName\":\"customers/1\",\"currencyCode\":\"USD\","
        "\"timeZone\":\"America/New_York\"},\"campaign\":{\"resourceName\":"
        "\"customers/1/campaigns/%d\",\"status\":\"ENABLED\",\"advertisingChannelType\":\"SEARCH\","
        "\"id\":\"%d\",\"name\":\"US | NonBrand | Prospecting | "
        "%d\"},\"metrics\":{\"clicks\":\"%d\","
        "\"conversionsValue\":%d.5,\"conversions\":%d.25,\"conversionsByConversionDate\":%d.5,"
        "\"costMicros\":\"%d0000\",\"impressions\":\"%d\",\"viewThroughConversions\":\"%d\"},"
        "\"segments\":{\"date\":\"%.10s\"}}",
        campaign, campaign, campaign, n % 930 + (n % 10 ? 0 : clicks), n % 4650, n % 73, n % 46,
        n % 9300, n % 73000, n % 7, date);
}

static void make_page(struct buffer *page, int from, int to, int clicks)
{
    buffer_clear(page);
    buffer_add_text(page, "{\"results\":[");
    for (int n = from; n < to; n++) {
        buffer_add_text(page, n > from ? "," : "");
        add_row(page, n, clicks);
    }
    buffer_add_text(page, "],\"fieldMask\":\"campaign.id\"}");
}

/* One run of all rows, its tasks as a job's. */
static void add_tasks(int rows)
{
    enum { parts_max = 1000 };
    static struct part parts[parts_max];
    char id[40];
    struct window window = {first_day, first_day + (rows - 1) / campaigns};
    struct run run = {id, "google/1", window, false};
    size_t count = 0;
    snprintf(id, sizeof id, "load.%lld", (long long)clock_unix_micros());
    while (source_task(source_find("google"), window, count, &parts[count].window)) {
        parts[count].run = &run;
        parts[count++].level = REPORT_CAMPAIGNS;
        assert(count < parts_max);
    }
    must(db_exec(db, add_account_sql, NULL, &err)
         && store_add_runs(db, &run, 1, parts, count, &err));
}

static void load(const char *folder, struct bytes raw, int number)
{
    struct page page = {.number = number, .bytes = raw.length, .currency = "USD"};
    struct report report;
    struct opened opened;
    struct fact *facts = NULL;
    struct known *known = NULL;
    size_t known_count = 0;
    lap_ns = clock_boot_ns();
    must(archive_put(folder, raw, &page.hash, &err));
    lap(ARCHIVE);
    must(report_read(arena, task.account, task.level, raw, &report, &err));
    lap(READ);
    must(facts_of(arena, &report, task.window.from, task.window.to, &facts, &err));
    page.rows = report.row_count;
    lap(SORT);
    must(db_begin(db, &err) && store_open_page(db, &task, &page, 60000, &opened, &err));
    must(opened.held || err_set(&err, ERR_FATAL, "the task is another's"));
    lap(OPEN);
    must(store_load_known(db, arena, &task, facts, page.rows, &known, &known_count, &err));
    lap(KNOWN);
    size_t fresh = facts_new(arena, facts, page.rows, known, known_count);
    lap(COMPARE);
    must(store_add_facts(db, &task, &opened, facts, fresh, &err));
    lap(COPY);
    must(db_commit(db, &err));
    lap(COMMIT);
    new_count += fresh;
    arena_reset(arena);
}

static void load_task(const char *folder, int rows, int clicks)
{
    static struct buffer raw;
    int from = (task.window.from - first_day) * campaigns;
    int end = (task.window.to - first_day + 1) * campaigns;
    for (int number = 0; from < end && from < rows; from += page_rows, number++) {
        int to = from + page_rows < end ? from + page_rows : end;
        make_page(&raw, from, to < rows ? to : rows, clicks);
        load(folder, buffer_view(&raw), number);
    }
    must(store_end_task(db, &task, NULL, &err));
}

int main(int argc, char **argv)
{
    const char *url = getenv("DATABASE_URL");
    struct ended ended;
    bool found = true;
    if (argc != 4 || !url) {
        fprintf(stderr, "load_tool: ROWS CLICKS ARCHIVE_DIR, and DATABASE_URL\n");
        return 2;
    }
    int rows = (int)strtol(argv[1], NULL, 10), clicks = (int)strtol(argv[2], NULL, 10);
    struct arena *names = arena_new();
    arena = arena_new();
    must(archive_open(argv[3], &err) && db_open(&db, url, "load_tool", &err));
    add_tasks(rows);
    while (store_lease_task(db, names, "load_tool", 60000, &task, &found, &err) && found)
        load_task(argv[3], rows, clicks);
    must(!found && db_begin(db, &err) && store_end_run(db, arena, task.run, &ended, &err)
         && db_commit(db, &err));
    for (enum step step = 0; step < STEPS; step++)
        printf("%s %.6f\n", step_names[step], (double)spent_ns[step] / 1e9);
    printf("rows %d\nnew %zu\n", rows, new_count);
    arena_free(arena);
    arena_free(names);
    db_close(db);
    return 0;
}
