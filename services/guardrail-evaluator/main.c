/* guardrail-evaluator: clears or blocks proposals; expires, measures, confirms, orders rollbacks;
 * checks the data that landed. */
#include "guardrail.h"

static const struct route routes[] = {
    {"saga.proposed.>", on_proposed},
    {"saga.executed.>", on_executed},
    {"data.landed.>",   on_landed  },
};

static const struct tick ticks[] = {
    {"due",          250,     tick_due         },
    {"prune checks", 3600000, tick_prune_checks},
};

int main(int argc, char **argv)
{
    static struct guardrail guardrail; /* what it holds is reachable to the process's end */
    struct service service = {
        .name = "guardrail-evaluator",
        .routes = routes,
        .route_count = COUNT(routes),
        .ticks = ticks,
        .tick_count = COUNT(ticks),
        .run = run_checks,
        .on_start = start_checks,
        .state = &guardrail,
    };
    return service_main(&service, argc, argv);
}
