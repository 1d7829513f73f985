/* scheduler: the service's state and its tick; see README.md for the whole. */
#pragma once

#include "service.h"

struct scheduler {
    const char *zone_folder;
};

tick_fn on_clock;
