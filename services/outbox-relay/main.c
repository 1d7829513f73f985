/* outbox-relay: publishes what was committed, exactly what was committed. */
#include "relay.h"

int main(int argc, char **argv)
{
    static struct relay relay = {
        .lease = {.name = "relay", .ttl_ms = 2000}
    };
    struct service service = {
        .name = "outbox-relay",
        .run = relay_run,
        .runner_poll_ms = 100,
        .state = &relay,
    };
    return service_main(&service, argc, argv);
}
