/* guardrail-evaluator: clears or blocks proposals; expires, measures, confirms, orders rollbacks.
 */
#include "guardrail.h"

static const struct route routes[] = {
    {"saga.proposed.>", on_proposed},
    {"saga.executed.>", on_executed},
};

static const struct tick ticks[] = {
    {"due", 250, tick_due},
};

int main(int argc, char **argv)
{
    struct guardrail guardrail = {0};
    struct service service = {
        .name = "guardrail-evaluator",
        .routes = routes,
        .route_count = COUNT(routes),
        .ticks = ticks,
        .tick_count = COUNT(ticks),
        .state = &guardrail,
    };
    return service_main(&service, argc, argv);
}
