/* zone_file: a zone's rule, from the folder of compiled zones. */
#pragma once

#include "zone_rule.h"

/* ERR_REJECT when there is no such zone. */
bool zone_file_read(const char *folder, const char *zone, struct zone_rule *ret_rule,
                    struct err *err) MUST_CHECK;
