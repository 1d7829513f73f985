/* control: one call of the world's own routes; what world_control.c and truth_control.c share. */
#pragma once

#include "world.h"

#include <jansson.h>

struct control_call {
    struct world *world;
    const struct request *request;
    struct reply *reply;
    json_t *body; /* an object */
};

void control_problem(struct control_call *call, int status, const char *text);
/* GET /_world/truth/WHAT */
void control_truth(struct control_call *call);
