#include "listener.h"

#include "fleet.h"
#include "listener_core_sql.h"
#include "service.h"

#include <signal.h>
#include <unistd.h>

static bool is(const struct message *message, const char *body)
{
    return bytes_equal(message->body, bytes_of_text(body));
}

static bool judge(const struct batch *batch, struct err *err)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct message *message = &batch->message[i];
        if (is(message, "killer"))
            kill(getpid(), SIGKILL);
        if (is(message, "poison"))
            return err_set(err, ERR_REJECT, "message %s is poison", message->id);
        if (is(message, "later"))
            return err_set(err, ERR_RETRY, "message %s is early", message->id);
    }
    return true;
}

static bool on_message(struct work *work, const struct batch *batch, struct err *err)
{
    DB_ARGS args = {0};
    if (!judge(batch, err))
        return false;
    DB_ARRAY(&args, text, i, batch->count, batch->message[i].id);
    DB_ARRAY(&args, text, i, batch->count, batch->message[i].subject);
    return db_exec(work->db, SQL_APPLY, &args, err);
}

static bool on_tick(struct work *work, struct err *err)
{
    (void)work;
    (void)err;
    service_count("listener_ticks_total", 1);
    return true;
}

static bool run_nothing(struct work *work, bool *ret_busy, struct err *err)
{
    (void)work;
    (void)ret_busy;
    (void)err;
    service_count("listener_rounds_total", 1);
    return true;
}

int listener_main(int argc, char **argv)
{
    static const char name[] = "guardrail-evaluator";
    static const struct tick ticks[] = {
        {"count", 50, on_tick}
    };
    struct route routes[FLEET_HEARS_MAX];
    struct service service = {
        .name = name,
        .routes = routes,
        .ticks = ticks,
        .tick_count = COUNT(ticks),
        .run = run_nothing,
        .runner_poll_ms = 100,
    };
    const struct fleet_member *member = fleet_find(name);
    for (size_t i = 0; i < FLEET_HEARS_MAX && member->hears[i]; i++)
        routes[service.route_count++] = (struct route){member->hears[i], on_message};
    return service_main(&service, argc, argv);
}
