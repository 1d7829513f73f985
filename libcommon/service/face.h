/* face: the main thread's loop, for a service that mounts an HTTP surface on it in on_start. */
#pragma once

#include <uv.h>

uv_loop_t *face_loop(void);
/* Called on the loop when the service stops; whoever opened handles closes them then. The process
 * ends when none is left open. */
void face_on_stop(void (*stop)(void *arg), void *arg);
