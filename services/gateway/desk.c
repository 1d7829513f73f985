#include "desk.h"

#include "clock.h"
#include "gateway_core_sql.h"
#include "refusal.h"

#include <string.h>

static const int64_t wait_max_ms = 5000;
static const uint64_t sweep_ms = 500;

static const char busy_text[] = "too many requests are waiting";
static const char again_hint[] = "the same request again is safe";

static void give_up(struct call *call)
{
    struct err err = {.kind = ERR_RETRY};
    call_failed(call, &err);
    if (call->done)
        call->done(call, call->done_arg);
    else
        call_send(call);
}

/* Those queued until `due_ms` and before, in their order. */
static struct call *take_due(struct desk *desk, int64_t due_ms)
{
    struct call *taken = NULL, **end = &taken;
    pthread_mutex_lock(&desk->lock);
    while (desk->first && desk->first->due_ms <= due_ms) {
        *end = desk->first;
        desk->first = desk->first->next;
        end = &(*end)->next;
        desk->count--;
    }
    *end = NULL;
    if (!desk->first)
        desk->last = NULL;
    pthread_mutex_unlock(&desk->lock);
    return taken;
}

static void give_up_due(struct desk *desk, int64_t due_ms)
{
    for (struct call *call = take_due(desk, due_ms), *next; call; call = next) {
        next = call->next;
        give_up(call);
    }
}

static void on_sweep(uv_timer_t *timer)
{
    give_up_due(timer->data, clock_boot_ms());
}

void desk_open(struct desk *desk, uv_loop_t *loop, struct http_server *server, size_t queue_max)
{
    desk->server = server;
    desk->queue_max = queue_max;
    pthread_mutex_init(&desk->lock, NULL);
    uv_timer_init(loop, &desk->sweep);
    desk->sweep.data = desk;
    uv_timer_start(&desk->sweep, on_sweep, sweep_ms, sweep_ms);
}

void desk_stop(struct desk *desk)
{
    desk->stopped = true;
    give_up_due(desk, INT64_MAX);
    uv_close((uv_handle_t *)&desk->sweep, NULL);
}

void desk_done(struct desk *desk)
{
    pthread_mutex_destroy(&desk->lock);
}

bool desk_put(struct desk *desk, struct call *call)
{
    if (desk->stopped)
        return false;
    call->due_ms = clock_boot_ms() + wait_max_ms;
    call->next = NULL;
    pthread_mutex_lock(&desk->lock);
    bool room = desk->count < desk->queue_max;
    if (room) {
        if (desk->last)
            desk->last->next = call;
        else
            desk->first = call;
        desk->last = call;
        desk->count++;
    }
    pthread_mutex_unlock(&desk->lock);
    if (room)
        service_wake_runner();
    return room;
}

/* What follows "Bearer ": visible ASCII; NULL: there is none, or it can't be one. */
static const char *bearer(const struct http_exchange *exchange)
{
    static const char scheme[] = "Bearer ";
    const char *header = http_header(exchange, "Authorization");
    if (!header || strncasecmp(header, scheme, sizeof scheme - 1) != 0)
        return NULL;
    const char *token = header + sizeof scheme - 1;
    size_t length = strlen(token);
    for (size_t i = 0; i < length; i++)
        if (token[i] <= ' ' || token[i] > '~')
            return NULL;
    return length >= 1 && length <= 256 ? token : NULL;
}

/* NULL: there is no token, and that was answered. */
static struct call *call_of(struct http_exchange *exchange, call_fn *run)
{
    const char *token = bearer(exchange);
    if (!token) {
        call_refuse(exchange, 401, "token_missing", "send Authorization: Bearer <token>",
                    "this needs a token");
        return NULL;
    }
    struct call *call = call_new(exchange, run);
    call->token = token;
    return call;
}

static void on_read(struct call *call, void *arg)
{
    struct desk *desk = arg;
    if (call->caller.asked_ms > 0)
        known_add(&desk->known, call->token, &call->caller);
    call_send(call);
}

static struct call *read_of(struct desk *desk, struct http_exchange *exchange, call_fn *run)
{
    struct call *call = call_of(exchange, run);
    if (!call)
        return NULL;
    call->done = on_read;
    call->done_arg = desk;
    return call;
}

static bool recall(const struct desk *desk, struct call *call)
{
    return known_find(&desk->known, call->token, clock_boot_ms(), &call->caller);
}

static void put_or_refuse(struct desk *desk, struct http_exchange *exchange, struct call *call)
{
    if (desk_put(desk, call)) {
        http_keep(exchange);
        return;
    }
    service_count("refused_busy_total", 1);
    call_free(call);
    call_refuse(exchange, 503, "busy", again_hint, busy_text);
}

void desk_take(struct desk *desk, struct http_exchange *exchange, call_fn *run)
{
    desk_take_for(desk, exchange, run, NULL, NULL);
}

void desk_take_read(struct desk *desk, struct http_exchange *exchange, call_fn *run)
{
    struct call *call = read_of(desk, exchange, run);
    if (!call)
        return;
    (void)recall(desk, call); /* a worker asks for whom it is not known */
    put_or_refuse(desk, exchange, call);
}

void desk_take_here(struct desk *desk, struct http_exchange *exchange, call_fn *run)
{
    struct err err = {0};
    struct call *call = read_of(desk, exchange, run);
    if (!call)
        return;
    if (!recall(desk, call)) {
        put_or_refuse(desk, exchange, call);
        return;
    }
    if (!run(call, &err))
        call_failed(call, &err);
    call_send(call);
}

void desk_take_bare(struct desk *desk, struct http_exchange *exchange, call_fn *run)
{
    struct call *call = call_of(exchange, run);
    if (!call)
        return;
    call->bare = true;
    put_or_refuse(desk, exchange, call);
}

void desk_take_for(struct desk *desk, struct http_exchange *exchange, call_fn *run,
                   void (*done)(struct call *call, void *arg), void *arg)
{
    struct call *call = call_of(exchange, run);
    if (!call)
        return;
    call->done = done;
    call->done_arg = arg;
    put_or_refuse(desk, exchange, call);
}

static struct call *take_one(struct desk *desk, bool *ret_more)
{
    pthread_mutex_lock(&desk->lock);
    struct call *call = desk->first;
    if (call) {
        desk->first = call->next;
        if (!desk->first)
            desk->last = NULL;
        desk->count--;
    }
    *ret_more = desk->first != NULL;
    pthread_mutex_unlock(&desk->lock);
    return call;
}

/* Whose token it is. The lookup is by hash, so an unknown token takes the time of a known one. */
static bool know(struct call *call, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_text(&args, call->token);
    call->caller = (struct caller){0};
    int64_t asked_ms = clock_boot_ms();
    if (!db_query(call->work->db, SQL_WHO, &args, &rows, err))
        return false;
    if (db_null(rows, 0, 0)) {
        refusal_of_person(call, db_text(rows, 0, 2));
        return true;
    }
    const char *roles = db_text(rows, 0, 1);
    if (strlen(roles) >= sizeof call->caller.roles)
        return err_set(err, ERR_FATAL, "a person has more roles than there are: %s", roles);
    call->caller = (struct caller){.asked_ms = asked_ms, .person = db_uuid(rows, 0, 0)};
    memcpy(call->caller.roles, roles, strlen(roles) + 1);
    return true;
}

static void on_ran(void *arg)
{
    struct call *call = arg;
    if (call->done)
        call->done(call, call->done_arg);
    else
        call_send(call);
}

bool desk_run(struct desk *desk, struct work *work, bool *ret_busy)
{
    struct err err = {0};
    struct call *call = take_one(desk, ret_busy);
    if (!call)
        return true;
    *ret_busy = true;
    call->work = work;
    bool ok = !call->token || call->bare || known_holds(&call->caller, clock_boot_ms())
        || know(call, &err);
    if (ok && call->status == 0)
        ok = call->run(call, &err);
    if (!ok)
        call_failed(call, &err);
    call->work = NULL;
    http_server_post(desk->server, on_ran, call);
    return true;
}
