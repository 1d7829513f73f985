/* outbox-relay: publishes what was committed, exactly what was committed. */
#include "relay.h"

#define FIELD(field) offsetof(struct relay_config, field)

static const struct setting settings[] = {
    {"AELP2_STREAM_REPLICAS", SETTING_INT, FIELD(replicas), "1", 1, 5,
     "copies of each stream; 3 on a NATS cluster"},
};

static const struct tick ticks[] = {
    {"prune", 10000, relay_prune},
};

int main(int argc, char **argv)
{
    static struct relay relay = {
        .lease = {.name = "relay", .ttl_ms = 2000}
    };
    struct service service = {
        .name = "outbox-relay",
        .settings = settings,
        .setting_count = COUNT(settings),
        .config = &relay.config,
        .ticks = ticks,
        .tick_count = COUNT(ticks),
        .run = relay_run,
        .leave = relay_leave,
        .runner_poll_ms = 100,
        .state = &relay,
    };
    return service_main(&service, argc, argv);
}
