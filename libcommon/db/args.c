/* args: values in the binary form of the wire, big-endian, one behind the other.
 *
 * An array is a header (dimensions, has-null, element type, count, lower bound), then each element
 * behind its length. While it is open the args' next row has its type but isn't counted yet, and
 * count and has-null are kept in the header itself. */
#include "db.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    array_header = 20,
    empty_array_header = 12,
    at_dimensions = 0,
    at_has_null = 4,
    at_count = 12,
};

/* Postgres counts from 2000-01-01; its infinities are the ends of the range. */
static const int64_t epoch_micros = INT64_C(946684800000000);

void db_args_done(struct db_args *args)
{
    buffer_done(&args->bytes);
}

static uint32_t wire32(uint32_t number)
{
    return __builtin_bswap32(number);
}

static uint64_t wire64(uint64_t number)
{
    return __builtin_bswap64(number);
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the wire is big-endian, we are not");

static uint64_t wire_real(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return wire64(bits);
}

static uint64_t wire_time(int64_t unix_micros)
{
    bool infinite = unix_micros == INT64_MAX || unix_micros < INT64_MIN + epoch_micros;
    int64_t micros =
        infinite ? (unix_micros > 0 ? INT64_MAX : INT64_MIN) : unix_micros - epoch_micros;
    return wire64((uint64_t)micros);
}

static bool array_is_open(const struct db_args *args)
{
    return args->count < DB_ARGS_MAX && args->arg[args->count].type != 0;
}

static void add(struct db_args *args, uint32_t type, const void *data, size_t length)
{
    assert(args->count < DB_ARGS_MAX);
    assert(!array_is_open(args));
    args->arg[args->count].offset = args->bytes.length;
    args->arg[args->count].length = length;
    args->arg[args->count].null = data == NULL;
    args->arg[args->count].type = type;
    args->count++;
    if (data)
        buffer_add(&args->bytes, data, length);
}

void db_arg_null(struct db_args *args)
{
    add(args, 0, NULL, 0);
}

void db_arg_bool(struct db_args *args, bool value)
{
    uint8_t byte = value;
    add(args, DB_BOOL, &byte, sizeof byte);
}

void db_arg_i32(struct db_args *args, int32_t number)
{
    uint32_t wire = wire32((uint32_t)number);
    add(args, DB_INT4, &wire, sizeof wire);
}

void db_arg_i64(struct db_args *args, int64_t number)
{
    uint64_t wire = wire64((uint64_t)number);
    add(args, DB_INT8, &wire, sizeof wire);
}

void db_arg_real(struct db_args *args, double number)
{
    uint64_t wire = wire_real(number);
    add(args, DB_FLOAT8, &wire, sizeof wire);
}

void db_arg_text(struct db_args *args, const char *text)
{
    add(args, DB_TEXT, text, text ? strlen(text) : 0);
}

void db_arg_bytes(struct db_args *args, struct bytes bytes)
{
    add(args, DB_BYTEA, bytes.data, bytes.length);
}

void db_arg_uuid(struct db_args *args, const struct uuid *uuid)
{
    add(args, DB_UUID, uuid ? uuid->bytes : NULL, sizeof uuid->bytes);
}

void db_arg_time(struct db_args *args, int64_t unix_micros)
{
    uint64_t wire = wire_time(unix_micros);
    add(args, DB_TIMESTAMPTZ, &wire, sizeof wire);
}

static uint32_t array_type_of(uint32_t element_type)
{
    switch (element_type) {
    case DB_BOOL:
        return 1000;
    case DB_BYTEA:
        return 1001;
    case DB_INT4:
        return 1007;
    case DB_TEXT:
        return 1009;
    case DB_INT8:
        return 1016;
    case DB_FLOAT8:
        return 1022;
    case DB_TIMESTAMPTZ:
        return 1185;
    case DB_UUID:
        return 2951;
    default:
        abort(); /* no such element type */
    }
}

/* A field of the open array's header. */
static uint8_t *header_at(struct db_args *args, size_t field)
{
    return args->bytes.data + args->arg[args->count].offset + field;
}

static uint32_t header_get(struct db_args *args, size_t field)
{
    uint32_t wire;
    memcpy(&wire, header_at(args, field), sizeof wire);
    return wire32(wire);
}

static void header_set(struct db_args *args, size_t field, uint32_t number)
{
    uint32_t wire = wire32(number);
    memcpy(header_at(args, field), &wire, sizeof wire);
}

void db_array_open(struct db_args *args, uint32_t element_type)
{
    assert(args->count < DB_ARGS_MAX);
    assert(!array_is_open(args));
    uint32_t header[] = {wire32(1), 0, wire32(element_type), 0, wire32(1)};
    _Static_assert(sizeof header == array_header, "five words");
    args->arg[args->count].offset = args->bytes.length;
    args->arg[args->count].null = false;
    args->arg[args->count].type = array_type_of(element_type);
    buffer_add(&args->bytes, header, sizeof header);
}

static void add_element(struct db_args *args, uint32_t type, const void *data, size_t length)
{
    assert(array_is_open(args));
    assert(args->arg[args->count].type == array_type_of(type));
    uint32_t wire_length = wire32(data ? (uint32_t)length : UINT32_MAX);
    buffer_add(&args->bytes, &wire_length, sizeof wire_length);
    if (data)
        buffer_add(&args->bytes, data, length);
    else
        header_set(args, at_has_null, 1);
    header_set(args, at_count, header_get(args, at_count) + 1);
}

void db_array_bool(struct db_args *args, bool value)
{
    uint8_t byte = value;
    add_element(args, DB_BOOL, &byte, sizeof byte);
}

void db_array_i32(struct db_args *args, int32_t number)
{
    uint32_t wire = wire32((uint32_t)number);
    add_element(args, DB_INT4, &wire, sizeof wire);
}

void db_array_i64(struct db_args *args, int64_t number)
{
    uint64_t wire = wire64((uint64_t)number);
    add_element(args, DB_INT8, &wire, sizeof wire);
}

void db_array_real(struct db_args *args, double number)
{
    uint64_t wire = wire_real(number);
    add_element(args, DB_FLOAT8, &wire, sizeof wire);
}

void db_array_text(struct db_args *args, const char *text)
{
    add_element(args, DB_TEXT, text, text ? strlen(text) : 0);
}

void db_array_bytes(struct db_args *args, struct bytes bytes)
{
    add_element(args, DB_BYTEA, bytes.data, bytes.length);
}

void db_array_uuid(struct db_args *args, const struct uuid *uuid)
{
    add_element(args, DB_UUID, uuid ? uuid->bytes : NULL, sizeof uuid->bytes);
}

void db_array_time(struct db_args *args, int64_t unix_micros)
{
    uint64_t wire = wire_time(unix_micros);
    add_element(args, DB_TIMESTAMPTZ, &wire, sizeof wire);
}

/* An empty array has no dimensions. */
void db_array_close(struct db_args *args)
{
    assert(array_is_open(args));
    size_t offset = args->arg[args->count].offset;
    if (header_get(args, at_count) == 0) {
        header_set(args, at_dimensions, 0);
        args->bytes.length = offset + empty_array_header;
    }
    args->arg[args->count].length = args->bytes.length - offset;
    args->count++;
}
