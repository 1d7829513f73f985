/* drive: the people of the saga bench. Proposes notes in bulk, approves each bulk as it is cleared,
 * and afterwards, with the system idle, measures how long one proposal takes to be cleared.
 *
 *     bench_saga_drive SECONDS IN_FLIGHT     (DATABASE_URL, NATS_URL and NATS_PASSWORD of the
 *                                             gateway, which it stands for; TOKENS=a,b)
 *
 * Prints one line: transitions, seconds, idle p50 and p99 in milliseconds. Every figure comes from
 * the ledger's own rows and clock. */
#include "bus.h"
#include "db.h"
#include "mem.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { bulk = 256, bulks_max = 64, idle_count = 300 };
static const int64_t warm_up_ms = 3000;

static const char propose_sql[] =
    "SELECT id FROM saga.propose('noop.note', $1, $2, $3, $4, '1 day', '{}', '{}', '{}', "
    "'{}', 'token', ARRAY[$5::text]) WHERE created";
static const char open_sql[] = "SELECT count(*) FROM saga.open";
static const char approve_sql[] =
    "WITH due AS MATERIALIZED (SELECT s.id, s.content_hash FROM saga.saga s WHERE s.id = ANY ($1) "
    "AND s.state = 'cleared') "
    "SELECT count(*) FROM (SELECT array_agg(id) ids, array_agg(content_hash) hashes FROM due) d, "
    "saga.decide(d.ids, d.hashes, 'approve', 'token', ARRAY[$2::text], '') r WHERE d.ids IS NOT "
    "NULL";
static const char now_sql[] = "SELECT clock_timestamp()";
static const char count_sql[] = "SELECT count(*) FROM saga.event WHERE at >= $1 AND at < $2";
static const char cleared_sql[] =
    "SELECT extract(epoch FROM max(at) FILTER (WHERE to_state = 'cleared') - "
    "min(at))::float8 * 1000 FROM saga.event WHERE saga_id = (SELECT id FROM saga.saga WHERE "
    "proposer_role = 'aelp_gateway' AND request_id = $1)";

/* Proposed, not yet approved; in the order they were made. */
static struct {
    pthread_mutex_t lock;
    struct uuid ids[bulks_max][bulk];
    unsigned first, end; /* counted without end; [n % bulks_max] holds bulk n */
} waiting = {.lock = PTHREAD_MUTEX_INITIALIZER};

static atomic_bool stop;
static atomic_int in_flight_max;
static const char *url;
static const char *proposer, *approver;

static void must(bool ok, const struct err *err)
{
    if (!ok) {
        fprintf(stderr, "bench: %s\n", err->text);
        exit(1);
    }
}

/* What the gateway does after it wrote: a hint to the relay. */
static struct bus *connect_bus(void)
{
    static struct bus_settings settings = {.user = "gateway", .service = "gateway"};
    settings.url = getenv("NATS_URL");
    settings.password = getenv("NATS_PASSWORD");
    struct bus *bus = bus_new(&settings);
    struct err err = {0};
    must(bus_ready(bus, &err), &err);
    return bus;
}

static struct db *connect_db(void)
{
    struct db *db = NULL;
    struct err err = {0};
    must(db_open(&db, url, "bench", &err), &err);
    return db;
}

static int64_t number(struct db *db, const char *sql, const struct db_args *args)
{
    OWNED(PGresult) *rows = NULL;
    struct err err = {0};
    must(db_query(db, sql, args, &rows, &err), &err);
    return db_i64(rows, 0, 0);
}

static void propose(struct db *db, const struct uuid requests[], int count, struct uuid ret_ids[])
{
    DB_ARGS args = {0};
    DB_ARRAY(&args, uuid, i, (size_t)count, &requests[i]);
    DB_ARRAY(&args, bytes, i, (size_t)count, bytes_of("", 0));
    DB_ARRAY(&args, text, i, (size_t)count, "");
    DB_ARRAY(&args, uuid, i, (size_t)count, NULL);
    db_arg_text(&args, proposer);
    OWNED(PGresult) *rows = NULL;
    struct err err = {0};
    must(db_query(db, propose_sql, &args, &rows, &err), &err);
    if (PQntuples(rows) != count) {
        fprintf(stderr, "bench: %d of %d proposed\n", PQntuples(rows), count);
        exit(1);
    }
    for (int i = 0; i < count; i++)
        ret_ids[i] = db_uuid(rows, i, 0);
}

/* How many bulks wait for people; *ret_first, where given, is the oldest. */
static unsigned bulks_waiting(const struct uuid **ret_first)
{
    pthread_mutex_lock(&waiting.lock);
    unsigned count = waiting.end - waiting.first;
    if (ret_first)
        *ret_first = waiting.ids[waiting.first % bulks_max];
    pthread_mutex_unlock(&waiting.lock);
    return count;
}

static void *propose_all(void *unused)
{
    (void)unused;
    struct db *db = connect_db();
    struct bus *bus = connect_bus();
    while (!stop) {
        if (bulks_waiting(NULL) == bulks_max || number(db, open_sql, NULL) + bulk > in_flight_max) {
            usleep(40000); /* counting costs: rarely, against what is let in at a time */
            continue;
        }
        struct uuid requests[bulk];
        for (int i = 0; i < bulk; i++)
            requests[i] = uuid_random();
        propose(db, requests, bulk, waiting.ids[waiting.end % bulks_max]);
        bus_wake(bus);
        pthread_mutex_lock(&waiting.lock);
        waiting.end++;
        pthread_mutex_unlock(&waiting.lock);
    }
    bus_free(bus);
    db_close(db);
    return NULL;
}

/* The oldest bulk, as far as it is cleared. */
static int64_t approve_some(struct db *db, const struct uuid ids[])
{
    DB_ARGS args = {0};
    DB_ARRAY(&args, uuid, i, (size_t)bulk, &ids[i]);
    db_arg_text(&args, approver);
    return number(db, approve_sql, &args);
}

static void *approve_all(void *unused)
{
    (void)unused;
    struct db *db = connect_db();
    struct bus *bus = connect_bus();
    int64_t left = bulk;
    const struct uuid *ids;
    while (!stop || left < bulk) {
        int64_t approved = bulks_waiting(&ids) > 0 ? approve_some(db, ids) : 0;
        left -= approved;
        if (left == 0) {
            pthread_mutex_lock(&waiting.lock);
            waiting.first++;
            pthread_mutex_unlock(&waiting.lock);
            left = bulk;
        }
        if (approved > 0)
            bus_wake(bus);
        else
            usleep(2000);
    }
    bus_free(bus);
    db_close(db);
    return NULL;
}

static int64_t now_of(struct db *db)
{
    OWNED(PGresult) *rows = NULL;
    struct err err = {0};
    must(db_query(db, now_sql, NULL, &rows, &err), &err);
    return db_time(rows, 0, 0);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* One at a time; by the ledger's own times, so that our polling is no part of it. */
static double cleared_after_ms(struct db *db, struct bus *bus)
{
    struct uuid request = uuid_random();
    struct uuid id;
    propose(db, &request, 1, &id);
    bus_wake(bus);
    for (;;) {
        DB_ARGS args = {0};
        OWNED(PGresult) *rows = NULL;
        struct err err = {0};
        db_arg_uuid(&args, &request);
        must(db_query(db, cleared_sql, &args, &rows, &err), &err);
        if (!db_null(rows, 0, 0))
            return db_real(rows, 0, 0);
        usleep(3000);
    }
}

int main(int argc, char **argv)
{
    if (argc != 3 || !getenv("DATABASE_URL") || !getenv("NATS_URL") || !getenv("NATS_PASSWORD")
        || !getenv("TOKENS")) {
        fprintf(stderr, "usage: bench_saga_drive SECONDS IN_FLIGHT, see the head of its source\n");
        return 2;
    }
    char *tokens = mem_text(getenv("TOKENS"));
    url = getenv("DATABASE_URL");
    proposer = strsep(&tokens, ",");
    approver = strsep(&tokens, ",");
    in_flight_max = (int)strtol(argv[2], NULL, 10);
    int64_t run_ms = 1000 * strtol(argv[1], NULL, 10);
    struct db *db = connect_db();

    pthread_t people[2];
    pthread_create(&people[0], NULL, propose_all, NULL);
    pthread_create(&people[1], NULL, approve_all, NULL);
    usleep((useconds_t)(warm_up_ms * 1000));
    int64_t begun = now_of(db);
    printf("steady\n");
    fflush(stdout);
    usleep((useconds_t)(run_ms * 1000));
    int64_t ended = now_of(db);
    printf("measured\n");
    fflush(stdout);
    stop = true;
    pthread_join(people[0], NULL);
    pthread_join(people[1], NULL);

    DB_ARGS span = {0};
    db_arg_time(&span, begun);
    db_arg_time(&span, ended);
    int64_t transitions = number(db, count_sql, &span);
    stop = false; /* what is still open is carried to its end before the idle part */
    in_flight_max = 0;
    pthread_create(&people[0], NULL, approve_all, NULL);
    while (number(db, open_sql, NULL) > 0)
        usleep(20000);
    stop = true;
    pthread_join(people[0], NULL);

    struct bus *bus = connect_bus();
    double ms[idle_count];
    for (int i = 0; i < idle_count; i++)
        ms[i] = cleared_after_ms(db, bus);
    qsort(ms, idle_count, sizeof ms[0], by_value);
    printf("%" PRId64 " %.3f %.2f %.2f\n", transitions, (double)(ended - begun) / 1e6,
           ms[idle_count / 2], ms[idle_count * 99 / 100]);
    bus_free(bus);
    db_close(db);
    return 0;
}
