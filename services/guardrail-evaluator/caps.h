/* caps: the rules that are percentages of money. See rules.h. */
#pragma once

#include "rules.h"

struct ruling caps_per_change(const struct proposal *proposal, struct arena *arena);
struct ruling caps_per_day(const struct proposal *proposal, struct arena *arena);
struct ruling caps_drift(const struct proposal *proposal, struct arena *arena);
