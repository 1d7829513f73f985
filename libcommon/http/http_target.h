/* http_target: the path and query of a request target, decoded in place.
 *
 * Decoded text is UTF-8 without control characters; a path has no "." or ".." segment and no
 * encoded slash, so that what a route matched is what a handler sees. */
#pragma once

#include "http_exchange.h"

enum { HTTP_QUERIES_MAX = 64 };

struct http_target {
    char *path;
    struct http_pair queries[HTTP_QUERIES_MAX];
    size_t query_count;
};

/* text is "/path?name=value&…" or "*"; it is changed, and the texts of ret_target point into it.
 * False: malformed, or more than HTTP_QUERIES_MAX pairs. */
bool http_target_parse(char *text, struct http_target *ret_target) MUST_CHECK;
