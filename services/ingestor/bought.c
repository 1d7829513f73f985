#include "bought.h"

#include "clock.h"
#include "person.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct order *)a)->id, ((const struct order *)b)->id);
}

bool bought_of(struct arena *arena, struct bytes key, const char *account, struct orders *orders,
               struct bought *ret_bought, struct err *err)
{
    size_t count = orders->count;
    struct bought bought = {
        .orders = orders->rows,
        .people = arena_array(arena, count, sizeof *bought.people),
        .known = arena_array(arena, count, sizeof *bought.known),
        .count = count,
    };
    if (count)
        qsort(orders->rows, count, sizeof *orders->rows, by_id);
    for (size_t i = 0; i < count; i++) {
        struct order *order = &orders->rows[i];
        struct person person = {account, order->email, order->phone, order->customer};
        if (i > 0 && by_id(order - 1, order) == 0)
            return err_set(err, ERR_REJECT, "order %s comes twice", order->id);
        bought.known[i] = person_key(key, &person, &bought.people[i]);
        order->email = order->phone = order->customer = "";
    }
    *ret_bought = bought;
    return true;
}

static void write_micros(struct buffer *csv, int64_t micros)
{
    buffer_format(csv, ",%" PRId64 ".%06" PRId64, micros / 1000000, micros % 1000000);
}

/* Ids are what a shop likes: quoted, quotes doubled. */
static void write_id(struct buffer *csv, const char *id)
{
    buffer_add_text(csv, "\"");
    for (; *id; id++)
        buffer_add(csv, *id == '"' ? "\"\"" : id, *id == '"' ? 2 : 1);
    buffer_add_text(csv, "\"");
}

void bought_write(const struct bought *bought, struct buffer *csv)
{
    buffer_add_text(csv, "order_id,ordered_at,currency,value,refunded,cancelled\n");
    for (size_t i = 0; i < bought->count; i++) {
        const struct order *order = &bought->orders[i];
        char at[CLOCK_TEXT];
        clock_text(order->at_micros, at);
        write_id(csv, order->id);
        buffer_format(csv, ",%s,%s", at, order->currency);
        write_micros(csv, order->value_micros);
        write_micros(csv, order->refunded_micros);
        buffer_format(csv, ",%s\n", order->cancelled ? "true" : "false");
    }
}
