#include "orders_form.h"

#include "decimal.h"
#include "minor.h"
#include "pbtime.h"

#include <string.h>

enum { id_bytes_max = 128 };

struct order *orders_add(struct arena *arena, struct orders *orders)
{
    if (orders->count == orders->capacity) {
        size_t capacity = orders->capacity ? 2 * orders->capacity : 256;
        struct order *rows = arena_array(arena, capacity, sizeof *rows);
        if (orders->count)
            memcpy(rows, orders->rows, orders->count * sizeof *rows);
        orders->rows = rows;
        orders->capacity = capacity;
    }
    struct order *order = &orders->rows[orders->count++];
    *order = (struct order){.id = "", .email = "", .phone = "", .customer = ""};
    return order;
}

const char *orders_keep(struct arena *arena, const char *text)
{
    return text ? arena_text(arena, text, strlen(text)) : "";
}

bool orders_currency(const char *text, char ret_currency[static 4])
{
    if (!text || strlen(text) != 3)
        return false;
    for (size_t i = 0; i < 3; i++) {
        char upper = (char)(text[i] & ~0x20);
        if (upper < 'A' || upper > 'Z' || (text[i] & 0x40) == 0)
            return false;
        ret_currency[i] = upper;
    }
    ret_currency[3] = '\0';
    return true;
}

bool orders_time(const char *text, int64_t *ret_micros)
{
    struct pbtime time;
    if (!text || !pbtime_timestamp_read(text, &time))
        return false;
    *ret_micros = time.seconds * 1000000 + time.nanos / 1000;
    return true;
}

bool orders_id_valid(const char *id)
{
    size_t length = strlen(id);
    return length > 0 && length <= id_bytes_max;
}

bool orders_money(const char *text, int64_t *ret_micros)
{
    return decimal_micros(bytes_of_text(text), MINOR_UNITS_MAX * 1000000LL, ret_micros)
        && *ret_micros >= 0;
}

static bool parse(struct arena *arena, enum orders_form form, struct bytes raw,
                  struct orders *orders, json_t **ret_page, struct err *err)
{
    if (!json_parse(raw, ORDERS_PAGE_BYTES_MAX, ret_page, err))
        return err_context(err, "orders");
    return form == ORDERS_SHOPIFY ? orders_end_shopify(arena, *ret_page, orders, err)
                                  : orders_end_stripe(arena, *ret_page, orders, err);
}

bool orders_look(struct arena *arena, enum orders_form form, struct bytes raw,
                 struct orders *ret_orders, struct err *err)
{
    OWNED(json_t) *page = NULL;
    *ret_orders = (struct orders){0};
    return parse(arena, form, raw, ret_orders, &page, err);
}

bool orders_read(struct arena *arena, enum orders_form form, struct bytes raw,
                 struct orders *ret_orders, struct err *err)
{
    OWNED(json_t) *page = NULL;
    *ret_orders = (struct orders){0};
    if (raw.length > ORDERS_PAGE_BYTES_MAX)
        return err_set(err, ERR_REJECT, "orders: a page of over %d bytes", ORDERS_PAGE_BYTES_MAX);
    if (form == ORDERS_CSV)
        return orders_read_csv(arena, raw, ret_orders, err);
    if (!parse(arena, form, raw, ret_orders, &page, err))
        return false;
    return form == ORDERS_SHOPIFY ? orders_read_shopify(arena, page, ret_orders, err)
                                  : orders_read_stripe(arena, page, ret_orders, err);
}
