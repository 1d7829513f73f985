/* google_ads: the Google Ads API's REST surface (v22 to v26) over the account. */
#pragma once

#include "world.h"

/* "/v25/..." */
bool google_owns_path(const char *path);
void google_answer(struct world *world, const struct request *request, struct reply *reply);
