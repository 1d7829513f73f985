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
static const int32_t epoch_days = 10957;

void db_args_done(struct db_args *args)
{
    buffer_done(&args->bytes);
}

void db_args_clear(struct db_args *args)
{
    while (args->count > 0)
        args->arg[--args->count].type = 0;
    buffer_clear(&args->bytes);
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

static uint32_t array_type_of(uint32_t element_type)
{
    switch (element_type) {
    case db_type_bool:
        return 1000;
    case db_type_bytes:
        return 1001;
    case db_type_i32:
        return 1007;
    case db_type_text:
        return 1009;
    case db_type_i64:
        return 1016;
    case db_type_real:
        return 1022;
    case db_type_date:
        return 1182;
    case db_type_time:
        return 1185;
    case db_type_uuid:
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

static void add_element(struct db_args *args, uint32_t type, const void *data, size_t length)
{
    assert(args->arg[args->count].type == array_type_of(type));
    uint32_t wire_length = wire32(data ? (uint32_t)length : UINT32_MAX);
    buffer_add(&args->bytes, &wire_length, sizeof wire_length);
    if (data)
        buffer_add(&args->bytes, data, length);
    else
        header_set(args, at_has_null, 1);
    header_set(args, at_count, header_get(args, at_count) + 1);
}

static void add_argument(struct db_args *args, uint32_t type, const void *data, size_t length)
{
    assert(args->count < DB_ARGS_MAX);
    args->arg[args->count].offset = args->bytes.length;
    args->arg[args->count].length = length;
    args->arg[args->count].null = data == NULL;
    args->arg[args->count].type = type;
    args->count++;
    if (data)
        buffer_add(&args->bytes, data, length);
}

/* The next element of the open array, or the next argument. */
static void add(struct db_args *args, uint32_t type, const void *data, size_t length)
{
    if (array_is_open(args))
        add_element(args, type, data, length);
    else
        add_argument(args, type, data, length);
}

void db_arg_null(struct db_args *args)
{
    add(args, 0, NULL, 0);
}

void db_arg_bool(struct db_args *args, bool value)
{
    uint8_t byte = value;
    add(args, db_type_bool, &byte, sizeof byte);
}

void db_arg_i32(struct db_args *args, int32_t number)
{
    uint32_t wire = wire32((uint32_t)number);
    add(args, db_type_i32, &wire, sizeof wire);
}

void db_arg_i64(struct db_args *args, int64_t number)
{
    uint64_t wire = wire64((uint64_t)number);
    add(args, db_type_i64, &wire, sizeof wire);
}

void db_arg_real(struct db_args *args, double number)
{
    uint64_t wire = wire_real(number);
    add(args, db_type_real, &wire, sizeof wire);
}

void db_arg_text(struct db_args *args, const char *text)
{
    add(args, db_type_text, text, text ? strlen(text) : 0);
}

void db_arg_bytes(struct db_args *args, struct bytes bytes)
{
    add(args, db_type_bytes, bytes.data, bytes.length);
}

void db_arg_uuid(struct db_args *args, const struct uuid *uuid)
{
    add(args, db_type_uuid, uuid ? uuid->bytes : NULL, sizeof uuid->bytes);
}

void db_arg_time(struct db_args *args, int64_t unix_micros)
{
    uint64_t wire = wire_time(unix_micros);
    add(args, db_type_time, &wire, sizeof wire);
}

void db_arg_date(struct db_args *args, int32_t unix_days)
{
    uint32_t wire = wire32((uint32_t)(unix_days - epoch_days));
    add(args, db_type_date, &wire, sizeof wire);
}

void db_array_open(struct db_args *args, enum db_type element_type)
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
