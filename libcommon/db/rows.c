/* rows: typed readers of binary answers. A wrong type or an unexpected NULL is our own bug. */
#include "db.h"

#include <assert.h>
#include <string.h>

static const int64_t epoch_micros = INT64_C(946684800000000); /* 2000-01-01 */
static const int32_t epoch_days = 10957;

enum {
    type_name = 19,
    type_json = 114,
    type_unknown = 705,
    type_bpchar = 1042,
    type_varchar = 1043,
    type_jsonb = 3802,
    first_own_type = 16384, /* enums; they travel as their label */
};

bool db_null(const PGresult *rows, int row, int column)
{
    return PQgetisnull(rows, row, column);
}

static const char *value_of(const PGresult *rows, int row, int column, Oid type, int length)
{
    assert(PQftype(rows, column) == type);
    assert(!PQgetisnull(rows, row, column));
    assert(PQgetlength(rows, row, column) == length);
    return PQgetvalue(rows, row, column);
}

static uint64_t wire64_of(const PGresult *rows, int row, int column, Oid type)
{
    uint64_t wire;
    memcpy(&wire, value_of(rows, row, column, type, sizeof wire), sizeof wire);
    return __builtin_bswap64(wire);
}

bool db_bool(const PGresult *rows, int row, int column)
{
    return *value_of(rows, row, column, db_type_bool, 1) != 0;
}

static int32_t wire32_of(const PGresult *rows, int row, int column, Oid type)
{
    uint32_t wire;
    memcpy(&wire, value_of(rows, row, column, type, sizeof wire), sizeof wire);
    return (int32_t)__builtin_bswap32(wire);
}

int32_t db_i32(const PGresult *rows, int row, int column)
{
    return wire32_of(rows, row, column, db_type_i32);
}

int32_t db_date(const PGresult *rows, int row, int column)
{
    return wire32_of(rows, row, column, db_type_date) + epoch_days;
}

int64_t db_i64(const PGresult *rows, int row, int column)
{
    return (int64_t)wire64_of(rows, row, column, db_type_i64);
}

double db_real(const PGresult *rows, int row, int column)
{
    uint64_t bits = wire64_of(rows, row, column, db_type_real);
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static bool is_text(Oid type)
{
    return type == db_type_text || type == type_varchar || type == type_bpchar || type == type_name
        || type == type_json || type == type_jsonb || type == type_unknown
        || type >= first_own_type;
}

const char *db_text(const PGresult *rows, int row, int column)
{
    Oid type = PQftype(rows, column);
    assert(is_text(type));
    if (PQgetisnull(rows, row, column))
        return NULL;
    /* jsonb has a version byte in front. */
    return PQgetvalue(rows, row, column) + (type == type_jsonb ? 1 : 0);
}

const char *db_text_in(struct arena *arena, const PGresult *rows, int row, int column)
{
    const char *text = db_text(rows, row, column);
    return text ? arena_text(arena, text, strlen(text)) : "";
}

struct bytes db_bytes(const PGresult *rows, int row, int column)
{
    assert(PQftype(rows, column) == db_type_bytes);
    if (PQgetisnull(rows, row, column))
        return (struct bytes){0};
    return bytes_of(PQgetvalue(rows, row, column), (size_t)PQgetlength(rows, row, column));
}

struct uuid db_uuid(const PGresult *rows, int row, int column)
{
    struct uuid uuid;
    memcpy(uuid.bytes, value_of(rows, row, column, db_type_uuid, sizeof uuid.bytes),
           sizeof uuid.bytes);
    return uuid;
}

int64_t db_time(const PGresult *rows, int row, int column)
{
    int64_t micros = (int64_t)wire64_of(rows, row, column, db_type_time);
    if (micros == INT64_MIN || micros > INT64_MAX - epoch_micros)
        return micros == INT64_MIN ? INT64_MIN : INT64_MAX;
    return micros + epoch_micros;
}
