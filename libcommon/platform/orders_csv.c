/* A shop's own export, RFC 4180. Columns in any order; others are passed over:
 *
 *     order_id,ordered_at,currency,value,refunded,cancelled,email,phone,customer
 *
 * The first four must be there. cancelled: true, false, 1, 0 or nothing. */
#include "orders_form.h"

#include <string.h>

enum column { ID, AT, CURRENCY, VALUE, REFUNDED, CANCELLED, EMAIL, PHONE, CUSTOMER, COLUMNS };

static const char *const column_names[COLUMNS] = {"order_id", "ordered_at", "currency",
                                                  "value",    "refunded",   "cancelled",
                                                  "email",    "phone",      "customer"};

enum { needed = REFUNDED, fields_max = 64 };

struct csv {
    struct arena *arena;
    const char *at, *end;
    size_t line; /* from 1 */
};

/* One field into the arena; sets what came behind it: ',' or '\n' (also at the end). False: quotes
 * that don't fit, or too long. */
static bool take_field(struct csv *csv, char **ret_field, char *ret_behind)
{
    bool quoted = csv->at < csv->end && *csv->at == '"';
    const char *begin = csv->at + quoted;
    size_t length = 0, room = 0;
    const char *at = begin;
    while (at < csv->end && (quoted || (*at != ',' && *at != '\n'))) {
        if (quoted && *at == '"' && (at + 1 == csv->end || at[1] != '"'))
            break;
        at += quoted && *at == '"' ? 2 : 1;
        room++;
    }
    if (room > ORDERS_CSV_FIELD_BYTES_MAX || (quoted && at == csv->end))
        return false;
    char *field = arena_new_bytes(csv->arena, room + 1);
    for (const char *from = begin; from < at; from++) {
        field[length++] = *from;
        from += quoted && *from == '"';
    }
    at += quoted;
    if (!quoted && length && field[length - 1] == '\r')
        field[--length] = '\0';
    if (quoted && at < csv->end && *at == '\r')
        at++;
    if (at < csv->end && *at != ',' && *at != '\n')
        return false;
    *ret_behind = '\n';
    csv->at = at;
    if (at < csv->end)
        *ret_behind = *csv->at++;
    *ret_field = field;
    return true;
}

/* false: the line can't be read, the err is set. */
static bool take_line(struct csv *csv, char *fields[static fields_max], size_t *ret_count,
                      struct err *err)
{
    char behind = ',';
    *ret_count = 0;
    csv->line++;
    while (behind == ',') {
        if (*ret_count == fields_max)
            return err_set(err, ERR_REJECT, "line %zu: over %d fields", csv->line, fields_max);
        if (!take_field(csv, &fields[*ret_count], &behind))
            return err_set(err, ERR_REJECT, "line %zu, field %zu: quotes or length", csv->line,
                           *ret_count + 1);
        ++*ret_count;
    }
    return true;
}

/* Where each column stands, from 1; 0: it isn't there. */
static bool read_header(struct csv *csv, size_t places[static COLUMNS], size_t *ret_fields,
                        struct err *err)
{
    char *fields[fields_max];
    if (!take_line(csv, fields, ret_fields, err))
        return false;
    for (size_t f = 0; f < *ret_fields; f++)
        for (size_t c = 0; c < COLUMNS; c++)
            if (strcmp(fields[f], column_names[c]) == 0) {
                if (places[c])
                    return err_set(err, ERR_REJECT, "line 1: %s twice", column_names[c]);
                places[c] = f + 1;
            }
    for (size_t c = 0; c < needed; c++)
        if (!places[c])
            return err_set(err, ERR_REJECT, "line 1: no column %s", column_names[c]);
    return true;
}

static bool read_flag(const char *text, bool *ret)
{
    *ret = strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
    return *ret || !*text || strcmp(text, "false") == 0 || strcmp(text, "0") == 0;
}

/* The wrong column, or COLUMNS. */
static enum column read_row(const char *const values[static COLUMNS], struct order *order)
{
    order->id = values[ID];
    order->email = values[EMAIL];
    order->phone = values[PHONE];
    order->customer = values[CUSTOMER];
    if (!orders_id_valid(order->id))
        return ID;
    if (!orders_time(values[AT], &order->at_micros))
        return AT;
    if (!orders_currency(values[CURRENCY], order->currency))
        return CURRENCY;
    if (!orders_money(values[VALUE], &order->value_micros))
        return VALUE;
    if (*values[REFUNDED] && !orders_money(values[REFUNDED], &order->refunded_micros))
        return REFUNDED;
    return read_flag(values[CANCELLED], &order->cancelled) ? COLUMNS : CANCELLED;
}

bool orders_read_csv(struct arena *arena, struct bytes raw, struct orders *orders, struct err *err)
{
    struct csv csv = {arena, (const char *)raw.data, (const char *)raw.data + raw.length, 0};
    size_t places[COLUMNS] = {0}, width, count;
    if (raw.length && memchr(raw.data, '\0', raw.length))
        return err_set(err, ERR_REJECT, "a NUL byte is no text");
    if (!read_header(&csv, places, &width, err))
        return false;
    while (csv.at < csv.end) {
        char *fields[fields_max];
        const char *values[COLUMNS];
        if (!take_line(&csv, fields, &count, err))
            return false;
        if (count == 1 && !*fields[0])
            continue;
        if (count != width)
            return err_set(err, ERR_REJECT, "line %zu: %zu fields, the header has %zu", csv.line,
                           count, width);
        for (size_t c = 0; c < COLUMNS; c++)
            values[c] = places[c] ? fields[places[c] - 1] : "";
        enum column wrong = read_row(values, orders_add(arena, orders));
        if (wrong != COLUMNS)
            return err_set(err, ERR_REJECT, "line %zu: %s", csv.line, column_names[wrong]);
    }
    return true;
}
