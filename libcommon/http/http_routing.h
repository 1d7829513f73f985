/* http_routing: which row of the table a request belongs to. Pure. */
#pragma once

#include "http_server.h"

enum { HTTP_PARAMS_MAX = 8, HTTP_ALLOW_TEXT = 80 };

/* Views: names lie in the pattern, values in the path. */
struct http_param {
    struct bytes name, value;
};

struct http_params {
    struct http_param item[HTTP_PARAMS_MAX];
    size_t count;
};

bool http_pattern_match(const char *pattern, const char *path, struct http_params *ret_params);
/* 200 with *ret_route and its params; 404; or 405 with the methods in ret_allow ("GET, HEAD"). */
int http_routing_find(const struct http_route routes[], size_t count, const char *method,
                      const char *path, const struct http_route **ret_route,
                      struct http_params *ret_params, char ret_allow[static HTTP_ALLOW_TEXT]);
