/* What the market's causes really were: the control routes below /_world/truth/.
 *
 * Windows are days of the account, from and to both included; by default the last 28 whole ones.
 * Each answer runs the whole history again, some several times: nobody else is answered
 * meanwhile. */
#include "control.h"
#include "market_truth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct window {
    int64_t first, last;        /* days since 1970-01-01 */
    int64_t from_hour, to_hour; /* of the market */
};

enum { days_usual = 28 };

static bool read_day(const struct control_call *call, const char *name, int64_t otherwise,
                     int64_t *ret_day)
{
    const char *text = request_query(call->request, name);
    int64_t unix_micros;
    *ret_day = otherwise;
    if (!text)
        return true;
    if (strlen(text) != 10 || !zone_parse(ZONE_UTC, text, &unix_micros))
        return false;
    *ret_day = zone_day(ZONE_UTC, unix_micros);
    return true;
}

static bool read_window(struct control_call *call, struct window *ret_window)
{
    const struct stage *stage = &call->world->stage;
    int64_t yesterday = stage_today(stage) - 1;
    struct window window;
    if (!read_day(call, "from", yesterday - days_usual + 1, &window.first)
        || !read_day(call, "to", yesterday, &window.last)) {
        control_problem(call, 400, "from, to: days as 2026-01-31");
        return false;
    }
    if (window.first < stage->start_day)
        window.first = stage->start_day;
    if (window.last > yesterday)
        window.last = yesterday;
    if (window.first > window.last) {
        control_problem(call, 400, "from, to: no whole day of the history is in there");
        return false;
    }
    window.from_hour = stage_hour_of_day(stage, window.first);
    window.to_hour = stage_hour_of_day(stage, window.last + 1);
    *ret_window = window;
    return true;
}

static void write_number(struct json_writer *writer, const char *key, double value)
{
    writer_key(writer, key);
    if (isfinite(value))
        writer_real(writer, value);
    else
        writer_raw(writer, "null");
}

static void write_day(struct json_writer *writer, const char *key, int64_t day)
{
    char text[ZONE_TEXT];
    zone_date_text(day, text);
    writer_key(writer, key);
    writer_text(writer, text);
}

static void write_window(struct json_writer *writer, const struct window *window)
{
    write_day(writer, "from", window->first);
    write_day(writer, "to", window->last);
}

static void write_sums(struct json_writer *writer, const char *key, const struct market_sums *sums)
{
    writer_key(writer, key);
    writer_open(writer, '{');
    write_number(writer, "orders", sums->orders);
    write_number(writer, "orders_expected", sums->orders_expected);
    write_number(writer, "value_usd", sums->value_usd);
    write_number(writer, "cost_usd", sums->cost_usd);
    writer_close(writer, '}');
}

static void write_contributions(struct control_call *call, const struct window *window)
{
    const struct market *market = call->world->stage.market;
    const struct market_config *config = market_config(market);
    struct json_writer writer = {.out = &call->reply->body};
    struct market_contribution truth;
    market_truth_contribution(market, window->from_hour, window->to_hour, &truth);
    writer_open(&writer, '{');
    write_window(&writer, window);
    write_sums(&writer, "base", &truth.base);
    write_sums(&writer, "none", &truth.none);
    write_number(&writer, "interaction", truth.interaction);
    writer_key(&writer, "channels");
    writer_open(&writer, '[');
    for (int i = 0; i < config->channels; i++) {
        writer_open(&writer, '{');
        writer_key(&writer, "channel");
        writer_text(&writer, config->channel[i].name);
        write_number(&writer, "orders", truth.orders[i]);
        write_number(&writer, "cost_usd", truth.cost_usd[i]);
        write_number(&writer, "claims", truth.claims[i]);
        writer_close(&writer, '}');
    }
    writer_close(&writer, ']');
    writer_close(&writer, '}');
}

static int find_channel(const struct market_config *config, const char *name)
{
    for (int i = 0; name && i < config->channels; i++)
        if (strcmp(config->channel[i].name, name) == 0)
            return i;
    return -1;
}

enum { points_max = 32 };

/* "0.5,1,1.5" */
static size_t read_scales(const char *text, double scale[static points_max])
{
    size_t count = 0;
    while (*text && count < points_max) {
        char *end;
        scale[count] = strtod(text, &end);
        if (end == text || !(scale[count] >= 0 && scale[count] <= 10) || (*end && *end != ','))
            return 0;
        count++;
        text = *end ? end + 1 : end;
    }
    return count;
}

/* ?channel=NAME&scales=0.5,1,1.5 */
static void write_curve(struct control_call *call, const struct window *window)
{
    const struct market *market = call->world->stage.market;
    struct json_writer writer = {.out = &call->reply->body};
    const char *name = request_query(call->request, "channel");
    const char *scales = request_query(call->request, "scales");
    int channel = find_channel(market_config(market), name);
    struct market_point point[points_max];
    double scale[points_max];
    size_t count = read_scales(scales ? scales : "0,0.5,0.8,1,1.2,1.5,2", scale);
    if (channel < 0 || count == 0) {
        control_problem(call, 400, "curves: ?channel=NAME&scales=0.5,1,1.5");
        return;
    }
    market_truth_curve(market, channel, window->from_hour, window->to_hour, scale, count, point);
    writer_open(&writer, '{');
    write_window(&writer, window);
    writer_key(&writer, "channel");
    writer_text(&writer, name);
    write_number(&writer, "marginal_orders_per_usd",
                 market_truth_marginal(market, channel, window->from_hour, window->to_hour));
    writer_key(&writer, "points");
    writer_open(&writer, '[');
    for (size_t i = 0; i < count; i++) {
        writer_open(&writer, '{');
        write_number(&writer, "scale", point[i].scale);
        write_number(&writer, "cost_usd", point[i].cost_usd);
        write_number(&writer, "orders", point[i].orders);
        writer_close(&writer, '}');
    }
    writer_close(&writer, ']');
    writer_close(&writer, '}');
}

static void write_ads(struct control_call *call, const struct window *window)
{
    const struct market *market = call->world->stage.market;
    const struct market_config *config = market_config(market);
    struct json_writer writer = {.out = &call->reply->body};
    (void)window; /* quality is for good */
    writer_open(&writer, '[');
    for (int i = 0; i < config->ads; i++) {
        writer_open(&writer, '{');
        writer_key(&writer, "ad");
        writer_text(&writer, config->ad[i].name);
        writer_key(&writer, "campaign");
        writer_text(&writer, config->campaign[config->ad[i].campaign].name);
        write_number(&writer, "quality", market_truth_ad(market, i));
        writer_close(&writer, '}');
    }
    writer_close(&writer, ']');
}

/* The shop's own books, a day each, as they stand now. */
static void write_order_day(struct control_call *call, struct json_writer *writer, int64_t day)
{
    const struct stage *stage = &call->world->stage;
    int64_t hour = stage_hour_of_day(stage, day), now = market_now(stage->market);
    struct market_orders orders = market_orders(stage->market, hour, hour + 24);
    int64_t fresh = 0, cancelled = 0, value_micros = 0, refunded_micros = 0;
    for (size_t i = 0; i < orders.count; i++) {
        const struct market_order *order = &orders.order[i];
        fresh += order->is_new;
        cancelled += order->cancel_hour < now;
        value_micros += order->value_micros;
        refunded_micros += order->refund_hour < now ? order->refunded_micros : 0;
    }
    writer_open(writer, '{');
    write_day(writer, "day", day);
    writer_key(writer, "orders");
    writer_number(writer, (int64_t)orders.count);
    writer_key(writer, "new_customers");
    writer_number(writer, fresh);
    writer_key(writer, "cancelled");
    writer_number(writer, cancelled);
    writer_key(writer, "value_micros");
    writer_number(writer, value_micros);
    writer_key(writer, "refunded_micros");
    writer_number(writer, refunded_micros);
    writer_close(writer, '}');
}

static void write_orders(struct control_call *call, const struct window *window)
{
    struct json_writer writer = {.out = &call->reply->body};
    writer_open(&writer, '[');
    for (int64_t day = window->first; day <= window->last; day++)
        write_order_day(call, &writer, day);
    writer_close(&writer, ']');
}

static const struct {
    const char *what;
    void (*write)(struct control_call *call, const struct window *window);
} truths[] = {
    {"contributions", write_contributions},
    {"curves",        write_curve        },
    {"ads",           write_ads          },
    {"orders",        write_orders       },
};

void control_truth(struct control_call *call)
{
    const char *what = strrchr(call->request->path, '/') + 1;
    struct window window;
    size_t i = 0;
    while (i < COUNT(truths) && strcmp(truths[i].what, what) != 0)
        i++;
    if (i == COUNT(truths))
        control_problem(call, 404, "truth: contributions, curves, ads or orders");
    else if (!call->world->staged)
        control_problem(call, 409, "there is no market: WORLD_PRESET, or reset with a preset");
    else if (read_window(call, &window))
        truths[i].write(call, &window);
}
