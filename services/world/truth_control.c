/* What the market's causes really were: the control routes below /_world/truth/.
 *
 * Windows are days of the account, from and to both included; by default the last 28 whole ones.
 * An answer runs the whole history again, some several times, beside the loop: meanwhile the market
 * stands still. */
#include "control.h"
#include "market_truth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct window {
    int64_t first, last;        /* days since 1970-01-01 */
    int64_t from_hour, to_hour; /* of the market */
};

enum { days_usual = 28, points_max = 32 };

/* One question; what it needs of the request is copied. */
struct truth {
    struct stage *stage;
    struct window window;
    int channel; /* of curves, as the scales */
    double scale[points_max];
    size_t scale_count;
    void (*write)(const struct truth *truth, struct json_writer *writer);
};

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

static void write_contributions(const struct truth *truth, struct json_writer *writer)
{
    const struct window *window = &truth->window;
    const struct market *market = truth->stage->market;
    const struct market_config *config = market_config(market);
    struct market_contribution found;
    market_truth_contribution(market, window->from_hour, window->to_hour, &found);
    writer_open(writer, '{');
    write_window(writer, window);
    write_sums(writer, "base", &found.base);
    write_sums(writer, "none", &found.none);
    write_number(writer, "interaction", found.interaction);
    writer_key(writer, "channels");
    writer_open(writer, '[');
    for (int i = 0; i < config->channels; i++) {
        writer_open(writer, '{');
        writer_key(writer, "channel");
        writer_text(writer, config->channel[i].name);
        write_number(writer, "orders", found.orders[i]);
        write_number(writer, "cost_usd", found.cost_usd[i]);
        write_number(writer, "claims", found.claims[i]);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
    writer_close(writer, '}');
}

static void write_curve(const struct truth *truth, struct json_writer *writer)
{
    const struct window *window = &truth->window;
    const struct market *market = truth->stage->market;
    struct market_point point[points_max];
    market_truth_curve(market, truth->channel, window->from_hour, window->to_hour, truth->scale,
                       truth->scale_count, point);
    writer_open(writer, '{');
    write_window(writer, window);
    writer_key(writer, "channel");
    writer_text(writer, market_config(market)->channel[truth->channel].name);
    write_number(writer, "marginal_orders_per_usd",
                 market_truth_marginal(market, truth->channel, window->from_hour, window->to_hour));
    writer_key(writer, "points");
    writer_open(writer, '[');
    for (size_t i = 0; i < truth->scale_count; i++) {
        writer_open(writer, '{');
        write_number(writer, "scale", point[i].scale);
        write_number(writer, "cost_usd", point[i].cost_usd);
        write_number(writer, "orders", point[i].orders);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
    writer_close(writer, '}');
}

static void write_ads(const struct truth *truth, struct json_writer *writer)
{
    const struct market *market = truth->stage->market;
    const struct market_config *config = market_config(market);
    writer_open(writer, '[');
    for (int i = 0; i < config->ads; i++) {
        writer_open(writer, '{');
        writer_key(writer, "ad");
        writer_text(writer, config->ad[i].name);
        writer_key(writer, "campaign");
        writer_text(writer, config->campaign[config->ad[i].campaign].name);
        write_number(writer, "quality", market_truth_ad(market, i));
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
}

static void write_count(struct json_writer *writer, const char *key, int64_t count)
{
    writer_key(writer, key);
    writer_number(writer, count);
}

/* The shop's own books, as they stand now. */
static void write_order_day(const struct stage *stage, struct json_writer *writer, int64_t day)
{
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
    write_count(writer, "orders", (int64_t)orders.count);
    write_count(writer, "new_customers", fresh);
    write_count(writer, "cancelled", cancelled);
    write_count(writer, "value_micros", value_micros);
    write_count(writer, "refunded_micros", refunded_micros);
    writer_close(writer, '}');
}

static void write_orders(const struct truth *truth, struct json_writer *writer)
{
    writer_open(writer, '[');
    for (int64_t day = truth->window.first; day <= truth->window.last; day++)
        write_order_day(truth->stage, writer, day);
    writer_close(writer, ']');
}

static int find_channel(const struct market_config *config, const char *name)
{
    for (int i = 0; name && i < config->channels; i++)
        if (strcmp(config->channel[i].name, name) == 0)
            return i;
    return -1;
}

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
static bool read_curve(struct control_call *call, struct truth *truth)
{
    const char *scales = request_query(call->request, "scales");
    truth->channel =
        find_channel(market_config(truth->stage->market), request_query(call->request, "channel"));
    truth->scale_count = read_scales(scales ? scales : "0,0.5,0.8,1,1.2,1.5,2", truth->scale);
    if (truth->channel >= 0 && truth->scale_count > 0)
        return true;
    control_problem(call, 400, "curves: ?channel=NAME&scales=0.5,1,1.5");
    return false;
}

static const struct {
    const char *what;
    bool (*read)(struct control_call *call, struct truth *truth); /* NULL: the window is enough */
    void (*write)(const struct truth *truth, struct json_writer *writer);
} truths[] = {
    {"contributions", NULL,       write_contributions},
    {"curves",        read_curve, write_curve        },
    {"ads",           NULL,       write_ads          },
    {"orders",        NULL,       write_orders       },
};

static void run_job(void *arg, struct reply *reply)
{
    const struct truth *truth = arg;
    struct json_writer writer = {.out = &reply->body};
    truth->write(truth, &writer);
}

static void unpin(void *arg)
{
    const struct truth *truth = arg;
    truth->stage->pins--;
}

void control_truth(struct control_call *call)
{
    const char *what = strrchr(call->request->path, '/') + 1;
    size_t i = 0;
    while (i < COUNT(truths) && strcmp(truths[i].what, what) != 0)
        i++;
    if (i == COUNT(truths)) {
        control_problem(call, 404, "truth: contributions, curves, ads or orders");
        return;
    }
    if (!call->world->staged) {
        control_problem(call, 409, "there is no market: WORLD_PRESET, or reset with a preset");
        return;
    }
    struct truth *truth = arena_new_bytes(call->request->arena, sizeof *truth);
    truth->stage = &call->world->stage;
    truth->write = truths[i].write;
    if (!read_window(call, &truth->window) || (truths[i].read && !truths[i].read(call, truth)))
        return;
    truth->stage->pins++;
    call->reply->job = (struct job){run_job, unpin, truth};
}
