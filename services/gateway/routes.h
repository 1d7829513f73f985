/* routes: the API's table. What stands here is described in openapi.json, and the reverse. */
#pragma once

#include "http_server.h"

/* Those of the API, and those the product has promised to a later owner (501). */
enum { ROUTES_MAX = 80 };

struct routes {
    struct http_route route[ROUTES_MAX];
    size_t count;
    size_t api_count; /* the API's come first */
};

void routes_make(struct routes *routes);
