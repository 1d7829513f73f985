/* connection: what a struct db is inside this archive.
 *
 * The connection is in pipeline and non-blocking mode, except while db_conn lends it; db_query is a
 * pipeline of one. What was sent and not yet received stands in `flight`, oldest first. */
#pragma once

#include "db.h"
#include "statements.h"

/* What the next answer of the server belongs to. */
enum flight_kind {
    FLIGHT_PREPARE,
    FLIGHT_BEGIN,
    FLIGHT_STATEMENT, /* the only one whose answer a caller sees */
    FLIGHT_SYNC,
};

struct flight {
    enum flight_kind kind;
    const char *sql;
};

struct db {
    PGconn *conn;
    struct statements statements;

    struct flight *flight; /* a ring of flight_capacity, a power of two */
    size_t flight_first, flight_count, flight_capacity;

    struct err segment_err; /* what aborted the statements up to the next sync, or ERR_NONE */
    bool begin_due;         /* db_begin was called, BEGIN not yet sent */
    bool broken;            /* lost, or out of step with the server */
    bool in_transaction;    /* BEGIN was sent */
};

extern const char connection_begin_sql[];

/* Into pipeline and non-blocking mode; nothing when it is there already. */
bool connection_enter_pipeline(struct db *db) MUST_CHECK;
/* Forgets all that was in flight and the transaction: the connection is gone or new. */
void connection_forget(struct db *db);
/* Receives and drops whatever is in flight; the connection may be lost afterwards. */
void connection_drain(struct db *db);
/* Both return false: the err is what the server answered; or that it is gone, and so is whatever
 * was in flight. */
bool connection_refused(const PGresult *answer, struct err *err);
bool connection_lost(struct db *db, struct err *err);
