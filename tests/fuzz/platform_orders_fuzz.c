/* Any bytes as a page of orders: refused with a reason, or rows that make sense. The first byte
 * says which form. */
#include "orders.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct arena *arena = arena_new();
    struct orders orders;
    struct err err = {0};
    if (orders_read(arena, (enum orders_form)(data[0] % 3), bytes_of(data + 1, size - 1), &orders,
                    &err)) {
        for (size_t i = 0; i < orders.count; i++) {
            const struct order *row = &orders.rows[i];
            must(*row->id && strlen(row->currency) == 3);
            must(row->value_micros >= 0 && row->refunded_micros >= 0);
            must(row->email && row->phone && row->customer);
        }
    } else {
        must(err.kind == ERR_REJECT && err.text[0]);
    }
    arena_free(arena);
    return 0;
}
