/* on_job: a reply's job off the loop's thread. */
#pragma once

#include "request.h"

#include <uv.h>

/* The reply lives until done(arg), which runs on the loop's thread, after the job's own. */
void job_begin(uv_loop_t *loop, struct reply *reply, void (*done)(void *arg), void *arg);
