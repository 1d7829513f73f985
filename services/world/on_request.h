/* on_request: the world's one door: HTTP requests from the loop into the core, and its replies
 * back, late, lost or cut as they say. */
#pragma once

#include "world.h"

struct config {
    int64_t port; /* 0: any */
    const char *address;
    struct world_settings world; /* an empty public_url becomes 127.0.0.1 and the port */
};

/* Until SIGTERM or SIGINT; requests in flight are finished. */
bool door_serve(const struct config *config, struct err *err) MUST_CHECK;
