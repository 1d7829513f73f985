/* gateway: the API over HTTP. Its loop has the sockets, its runners have Postgres. */
#include "gateway.h"

#define FIELD(field) offsetof(struct gateway_config, field)

static const struct setting settings[] = {
    {"API_ADDRESS",     SETTING_TEXT, FIELD(address),         "127.0.0.1", 0,  0,     "where the API listens"   },
    {"API_PORT",        SETTING_INT,  FIELD(port),            "7400",      0,  65535,
     "apart from FACE_PORT, which no ingress reaches"                                                           },
    {"API_WORKERS",     SETTING_INT,  FIELD(workers),         "4",         1,  16,
     "threads with a Postgres connection each"                                                                  },
    {"API_QUEUE",       SETTING_INT,  FIELD(queue_max),       "256",       1,  65536,
     "requests that may wait for a worker; the next one gets 503"                                               },
    {"API_CONNECTIONS", SETTING_INT,  FIELD(connections_max), "1024",      16, 65536,
     "open sockets; the next one gets 503"                                                                      },
    {"API_STREAMS",     SETTING_INT,  FIELD(streams_max),     "64",        1,  4096,  "listeners to live events"},
};

static bool on_start(struct service *service, struct err *err)
{
    struct gateway *gateway = service->state;
    service->runner_count = (int)gateway->config.workers;
    return gateway_open(gateway, err);
}

static bool run(struct work *work, bool *ret_busy, struct err *err)
{
    struct gateway *gateway = work->state;
    (void)err;
    return desk_run(&gateway->desk, work, ret_busy);
}

int main(int argc, char **argv)
{
    static struct gateway gateway;
    struct service service = {
        .name = "gateway",
        .settings = settings,
        .setting_count = COUNT(settings),
        .config = &gateway.config,
        .run = run,
        .on_start = on_start,
        .state = &gateway,
    };
    int code = service_main(&service, argc, argv);
    gateway_done(&gateway);
    return code;
}
