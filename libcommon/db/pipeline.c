/* pipeline: statements out, answers in, in order.
 *
 * Sending never blocks: libpq's buffer grows, and waiting for an answer writes and reads at once,
 * so that a server that can't write its answers never stops us from reading them. */
#include "connection.h"

#include "mem.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>

enum { flight_capacity_first = 64 };

const char connection_begin_sql[] = "BEGIN ISOLATION LEVEL READ COMMITTED";

bool connection_enter_pipeline(struct db *db)
{
    return PQpipelineStatus(db->conn) != PQ_PIPELINE_OFF
        || (PQsetnonblocking(db->conn, 1) == 0 && PQenterPipelineMode(db->conn));
}

static void flight_push(struct db *db, enum flight_kind kind, const char *sql)
{
    if (db->flight_count == db->flight_capacity) {
        size_t capacity = db->flight_capacity ? 2 * db->flight_capacity : flight_capacity_first;
        struct flight *grown = mem_array(capacity, sizeof *grown);
        for (size_t i = 0; i < db->flight_count; i++)
            grown[i] = db->flight[(db->flight_first + i) & (db->flight_capacity - 1)];
        mem_free(db->flight);
        db->flight = grown;
        db->flight_first = 0;
        db->flight_capacity = capacity;
    }
    size_t at = (db->flight_first + db->flight_count++) & (db->flight_capacity - 1);
    db->flight[at] = (struct flight){kind, sql};
}

static struct flight flight_pop(struct db *db)
{
    assert(db->flight_count > 0);
    struct flight flight = db->flight[db->flight_first];
    db->flight_first = (db->flight_first + 1) & (db->flight_capacity - 1);
    db->flight_count--;
    return flight;
}

static bool flight_next_is(const struct db *db, enum flight_kind kind)
{
    return db->flight_count > 0 && db->flight[db->flight_first].kind == kind;
}

void connection_forget(struct db *db)
{
    db->flight_count = 0;
    db->begin_due = db->in_transaction = db->broken = false;
    db->segment_err = (struct err){0};
    statements_forget_all(&db->statements);
}

/* libpq's messages end in a newline and may have several. */
static void copy_message(char *text, size_t size, const char *message)
{
    size_t length = 0;
    for (; message[length] && length + 1 < size; length++) {
        text[length] = message[length];
        if (text[length] == '\n')
            text[length] = ' ';
    }
    while (length > 0 && text[length - 1] == ' ')
        length--;
    text[length] = '\0';
}

/* Lost, or out of step with the server, which only a new connection mends. */
bool connection_lost(struct db *db, struct err *err)
{
    db->broken = true;
    char message[300];
    copy_message(message, sizeof message, PQerrorMessage(db->conn));
    return err_set(err, ERR_RETRY, "postgres: %s", *message ? message : "connection lost");
}

bool connection_refused(const PGresult *answer, struct err *err)
{
    const char *state = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
    const char *primary = PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY);
    char message[300];
    copy_message(message, sizeof message, primary ? primary : PQresultErrorMessage(answer));
    return err_set(err, state ? db_kind_of_state(state) : ERR_RETRY, "postgres %s: %s",
                   state ? state : "-----", message);
}

static bool push_sent(struct db *db, int sent, enum flight_kind kind, const char *sql,
                      struct err *err)
{
    if (!sent)
        return connection_lost(db, err);
    flight_push(db, kind, sql);
    return true;
}

static bool send_prepare(struct db *db, struct statement *statement, const char *name,
                         const struct db_args *args, struct err *err)
{
    if (statement->prepared)
        return true;
    Oid types[DB_ARGS_MAX];
    for (int i = 0; i < args->count; i++)
        types[i] = args->arg[i].type;
    statement->prepared = true;
    int sent = PQsendPrepare(db->conn, name, statement->sql, args->count, types);
    return push_sent(db, sent, FLIGHT_PREPARE, statement->sql, err);
}

static bool send_one(struct db *db, enum flight_kind kind, const char *sql,
                     const struct db_args *args, struct err *err)
{
    assert(args->count == DB_ARGS_MAX || args->arg[args->count].type == 0); /* no open array */
    struct statement *statement = statements_find(&db->statements, sql);
    char name[STATEMENT_NAME];
    statement_name(statement, name);
    if (!send_prepare(db, statement, name, args, err))
        return false;

    const char *values[DB_ARGS_MAX];
    int lengths[DB_ARGS_MAX], formats[DB_ARGS_MAX];
    for (int i = 0; i < args->count; i++) {
        bool empty = args->arg[i].length == 0;
        const char *value = empty ? "" : (const char *)args->bytes.data + args->arg[i].offset;
        values[i] = args->arg[i].null ? NULL : value;
        lengths[i] = (int)args->arg[i].length;
        formats[i] = 1;
    }
    int sent = PQsendQueryPrepared(db->conn, name, args->count, values, lengths, formats, 1);
    return push_sent(db, sent, kind, sql, err);
}

bool db_send(struct db *db, const char *sql, const struct db_args *args, struct err *err)
{
    static const struct db_args none;
    if (db_lost(db) || !connection_enter_pipeline(db))
        return connection_lost(db, err);
    if (db->begin_due) {
        db->begin_due = false;
        db->in_transaction = true;
        if (!send_one(db, FLIGHT_BEGIN, connection_begin_sql, &none, err))
            return false;
    }
    return send_one(db, FLIGHT_STATEMENT, sql, args ? args : &none, err);
}

bool db_sync(struct db *db, struct err *err)
{
    if (db_lost(db))
        return connection_lost(db, err);
    return push_sent(db, PQpipelineSync(db->conn), FLIGHT_SYNC, NULL, err);
}

/* Until PQgetResult won't block. */
static bool wait_for_answer(struct db *db)
{
    while (PQisBusy(db->conn)) {
        int unsent = PQflush(db->conn);
        if (unsent < 0)
            return false;
        struct pollfd socket = {.fd = PQsocket(db->conn),
                                .events = (short)(POLLIN | (unsent ? POLLOUT : 0))};
        if (poll(&socket, 1, -1) < 0 && errno != EINTR)
            return false;
        if (socket.revents & ~POLLOUT && !PQconsumeInput(db->conn))
            return false;
    }
    return true;
}

/* The next answer, or NULL: the end of one statement's answers, or a lost connection. */
static PGresult *next_answer(struct db *db)
{
    return wait_for_answer(db) ? PQgetResult(db->conn) : NULL;
}

/* Notes what happened to a flight that isn't a sync; false when it failed. */
static bool note_outcome(struct db *db, struct flight flight, const PGresult *answer)
{
    ExecStatusType status = PQresultStatus(answer);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return true;

    if (status == PGRES_PIPELINE_ABORTED) {
        assert(db->segment_err.kind != ERR_NONE);
    } else {
        connection_refused(answer, &db->segment_err);
        const char *state = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
        bool plan_is_stale = state && (strcmp(state, "0A000") == 0 || strcmp(state, "26000") == 0);
        if (plan_is_stale && flight.kind == FLIGHT_STATEMENT)
            statements_forget(&db->statements, flight.sql);
    }
    if (flight.kind == FLIGHT_PREPARE)
        statements_forget(&db->statements, flight.sql);
    return false;
}

/* Takes the oldest flight's answer. *ret_rows is set when it is a statement that worked. */
static bool take_flight(struct db *db, PGresult **ret_rows, struct err *err)
{
    struct flight flight = flight_pop(db);
    OWNED(PGresult) *answer = next_answer(db);
    if (!answer || db_lost(db))
        return connection_lost(db, err);
    bool ok = note_outcome(db, flight, answer);
    OWNED(PGresult) *end = next_answer(db);
    if (end || db_lost(db))
        return connection_lost(db, err);
    if (!ok) {
        *err = db->segment_err;
        return false;
    }
    if (flight.kind == FLIGHT_STATEMENT)
        *ret_rows = TAKE(answer);
    return true;
}

/* The sync is where an implicit transaction commits, so it can fail too: then the error, an end
 * and the sync itself are received. */
static bool take_sync(struct db *db, struct err *err)
{
    (void)flight_pop(db);
    db->segment_err = (struct err){0};
    bool ok = true;
    for (int ends = 0; ends < 2;) {
        OWNED(PGresult) *answer = next_answer(db);
        if (PQresultStatus(answer) == PGRES_PIPELINE_SYNC)
            return ok;
        if (answer)
            ok = connection_refused(answer, err);
        else
            ends++;
    }
    return connection_lost(db, err);
}

bool db_receive(struct db *db, PGresult **ret_rows, struct err *err)
{
    assert(db->flight_count > 0 || db_lost(db));
    OWNED(PGresult) *rows = NULL;
    bool ok = true, received = false;
    while (!received) {
        if (db_lost(db) || db->flight_count == 0)
            return connection_lost(db, err);
        received = flight_next_is(db, FLIGHT_STATEMENT);
        if (flight_next_is(db, FLIGHT_SYNC))
            ok = take_sync(db, err); /* of no statement */
        else
            ok = take_flight(db, &rows, err);
    }
    struct err sync_err = {0};
    while (flight_next_is(db, FLIGHT_SYNC) && !db_lost(db))
        if (!take_sync(db, &sync_err) && ok) {
            *err = sync_err;
            ok = false;
        }
    if (ok)
        *ret_rows = TAKE(rows);
    return ok;
}

void connection_drain(struct db *db)
{
    struct err ignored;
    bool synced = db->flight_count == 0
        || db->flight[(db->flight_first + db->flight_count - 1) & (db->flight_capacity - 1)].kind
            == FLIGHT_SYNC;
    if (!synced && !db_sync(db, &ignored))
        return;
    while (db->flight_count > 0 && !db_lost(db)) {
        OWNED(PGresult) *rows = NULL;
        /* The caller is throwing the answers away. */
        if (flight_next_is(db, FLIGHT_SYNC))
            (void)!take_sync(db, &ignored);
        else
            (void)!take_flight(db, &rows, &ignored);
    }
}
