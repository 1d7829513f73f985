/* budget-publisher: applies approved budget changes at the platforms, and takes them back. */
#include "budget_publisher.h"

static struct budget_publisher publisher;

static const struct setting settings[] = {
    {"AELP2_ALLOW_GOOGLE_MUTATIONS", SETTING_FLAG, offsetof(struct config, allow_google_mutations),
     "0", 0, 0, "without it nothing is sent to Google: approved changes run as shadow"},
};

static const struct route routes[] = {
    {"saga.approved.budget.>",     on_approved    },
    {"saga.approved.noop.>",       on_approved    },
    {"saga.rolling_back.budget.>", on_rolling_back},
};

int main(int argc, char **argv)
{
    struct service service = {
        .name = "budget-publisher",
        .settings = settings,
        .setting_count = COUNT(settings),
        .config = &publisher.config,
        .routes = routes,
        .route_count = COUNT(routes),
        .run = run_tasks,
        .runner_count = 2,
        .state = &publisher,
    };
    return service_main(&service, argc, argv);
}
