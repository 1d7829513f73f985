/* on_delivery: posts a signed click to where a test wants it, off the loop's thread, and puts what
 * came back into the reply as "delivered". */
#pragma once

#include "request.h"

#include <uv.h>

/* The reply, ending in an object, lives until done(arg), which runs on the loop's thread. */
void delivery_begin(uv_loop_t *loop, struct reply *reply, void (*done)(void *arg), void *arg);
