#include "events.h"

#include "clock.h"
#include "gateway_core_sql.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t tick_ms = 250;
static const int64_t heartbeat_ticks = 60;              /* 15 s */
static const int64_t life_ms = INT64_C(15) * 60 * 1000; /* then the token is asked for again */
static const double hole_s_max = 5;
static const int32_t page_max = 200;

struct listener {
    struct events *events;
    struct http_exchange *exchange;
    int64_t seq; /* the last it was told */
    int64_t end_ms;
    struct listener *next, *previous;
};

static void forget(struct listener *listener)
{
    struct events *events = listener->events;
    if (listener->next)
        listener->next->previous = listener->previous;
    if (listener->previous)
        listener->previous->next = listener->next;
    else
        events->first = listener->next;
    events->count--;
    mem_free(listener);
}

static void on_gone(void *arg)
{
    forget(arg);
}

static void say(struct listener *listener, const char *text)
{
    http_stream_add(listener->exchange, bytes_of_text(text));
}

/* What is behind `number`, as SSE frames in the call's body; `number` becomes the last seq. */
static bool read_page(struct call *call, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_i64(&args, call->number);
    db_arg_i32(&args, page_max);
    if (!db_query(call->work->db, SQL_EVENTS, &args, &rows, err))
        return false;
    for (int row = 0; row < PQntuples(rows); row++) {
        int64_t seq = db_i64(rows, row, 0);
        if (seq != call->number + 1 && db_real(rows, row, 1) < hole_s_max)
            break;
        buffer_format(&call->body, "id: %" PRId64 "\nevent: saga\ndata: ", seq);
        buffer_add_text(&call->body, db_text(rows, row, 2));
        buffer_add_text(&call->body, "\n\n");
        call->number = seq;
    }
    call_answer(call, 200);
    return true;
}

struct poll {
    struct events *events;
    int64_t from;
};

static void poll(struct events *events);

static void on_polled(struct call *call, void *arg)
{
    struct poll *page = arg;
    struct events *events = page->events;
    bool news = call->status == 200 && call->number > page->from;
    events->polling = false;
    for (struct listener *listener = events->first; news && listener; listener = listener->next)
        if (listener->seq == page->from) {
            http_stream_add(listener->exchange, buffer_view(&call->body));
            listener->seq = call->number;
        }
    call_free(call);
    mem_free(page);
    if (news)
        poll(events);
}

/* Serves those who are furthest behind; at the end of the ledger that is everyone. */
static void poll(struct events *events)
{
    if (events->polling || events->stopped || !events->first)
        return;
    struct poll *page = mem_new(sizeof *page);
    page->events = events;
    page->from = INT64_MAX;
    for (const struct listener *listener = events->first; listener; listener = listener->next)
        if (listener->seq < page->from)
            page->from = listener->seq;
    struct call *call = call_new(NULL, read_page);
    call->done = on_polled;
    call->done_arg = page;
    call->number = page->from;
    events->polling = desk_put(events->desk, call);
    if (!events->polling) {
        call_free(call);
        mem_free(page);
    }
}

static void on_tick(uv_timer_t *timer)
{
    struct events *events = timer->data;
    bool beat = ++events->ticks % heartbeat_ticks == 0;
    int64_t now_ms = clock_boot_ms();
    for (struct listener *listener = events->first, *next; listener; listener = next) {
        next = listener->next;
        if (beat)
            say(listener, ":\n\n");
        if (listener->end_ms <= now_ms) {
            http_stream_end(listener->exchange);
            forget(listener);
        }
    }
    if (events->first)
        poll(events);
    else
        uv_timer_stop(timer);
}

void events_open(struct events *events, uv_loop_t *loop, struct desk *desk, size_t max)
{
    events->desk = desk;
    events->max = max;
    uv_timer_init(loop, &events->tick);
    events->tick.data = events;
}

void events_stop(struct events *events)
{
    events->stopped = true;
    uv_close((uv_handle_t *)&events->tick, NULL);
}

/* Where this listener begins: behind what it knows, or at the end of the ledger. */
static bool find_place(struct call *call, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    if (!db_query(call->work->db, SQL_LAST_EVENT, NULL, &rows, err))
        return false;
    const char *known = http_header(call->exchange, "Last-Event-ID");
    char *end = NULL;
    int64_t last = db_i64(rows, 0, 0);
    call->number = known ? strtoll(known, &end, 10) : last;
    if (known && (end == known || *end || call->number < 0 || call->number > last))
        call->number = last;
    call_answer(call, 200);
    return true;
}

static void on_placed(struct call *call, void *arg)
{
    struct events *events = arg;
    struct http_pair fields[8] = {
        {"X-Accel-Buffering", "no"}
    };
    if (call->status != 200) {
        call_send(call);
        return;
    }
    memcpy(fields + 1, call_security, call_security_count * sizeof *fields);
    struct listener *listener = mem_new(sizeof *listener);
    *listener = (struct listener){.events = events,
                                  .exchange = call->exchange,
                                  .seq = call->number,
                                  .end_ms = clock_boot_ms() + life_ms,
                                  .next = events->first};
    if (events->first)
        events->first->previous = listener;
    events->first = listener;
    events->count++;
    call_free(call);
    struct http_answer head = {.status = 200,
                               .type = "text/event-stream",
                               .fields = fields,
                               .field_count = 1 + call_security_count};
    if (!http_stream_start(listener->exchange, &head, on_gone, listener)) {
        forget(listener);
        return;
    }
    say(listener, "retry: 3000\n\n");
    if (!uv_is_active((uv_handle_t *)&events->tick) && !events->stopped)
        uv_timer_start(&events->tick, on_tick, tick_ms, tick_ms);
}

void events_listen(struct events *events, struct http_exchange *exchange)
{
    if (events->count >= events->max) {
        call_refuse(exchange, 503, "busy", "poll GET /api/v1/proposals instead",
                    "too many are listening");
        return;
    }
    desk_take_for(events->desk, exchange, find_place, on_placed, events);
}
