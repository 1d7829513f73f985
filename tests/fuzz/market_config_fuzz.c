/* Any text as a market's config: it is refused with a reason, or what it says is held by the
 * checks, survives being written, and a small market made of it lives a day. */
#include "market.h"

#include "bytes.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

static bool is_small(const struct market_config *config)
{
    double orders = config->organic_orders_day + config->returning_orders_day
        + config->brand_searches_day * config->brand_search_order;
    for (int c = 0; c < config->channels; c++)
        orders += config->channel[c].top_orders_day;
    return config->geos * config->campaigns < 400 && orders < 500 && config->trend_year == 0
        && config->events == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct market_config config, back;
    struct err err = {0};
    OWNED(json_t) *json = NULL;
    if (!json_parse(bytes_of(data, size), 1 << 20, &json, &err))
        return 0;
    if (!market_config_read(json, &config, &err)) {
        must(err.kind == ERR_REJECT && err.text[0]);
        return 0;
    }
    OWNED(json_t) *written = market_config_write(&config);
    must(market_config_read(written, &back, &err));
    must(memcmp(&config, &back, sizeof config) == 0);
    if (!is_small(&config))
        return 0;
    struct market *market = market_open(&config, 73);
    market_step(market, 24);
    market_close(market);
    return 0;
}
