/* world_control: what tests and the demo do to the world from above: /_world/... */
#pragma once

#include "world.h"

bool control_owns_path(const char *path);
void control_answer(struct world *world, const struct request *request, struct reply *reply);
