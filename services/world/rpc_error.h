/* rpc_error: how Google's services other than Ads refuse: a google.rpc.Status as JSON. */
#pragma once

#include "request.h"

/* 400, 401, 403, 404, 429, 500 and 503 have names. */
void rpc_error(struct reply *reply, int http, const char *format, ...) PRINTF_LIKE(3, 4);
