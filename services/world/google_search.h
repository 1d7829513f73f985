/* google_search: googleAds:search (pages) and :searchStream (batches in an array). */
#pragma once

#include "account.h"
#include "failure.h"

#include <jansson.h>

enum { SEARCH_PAGE_ROWS = 10000 };

struct google_search {
    const struct account *account;
    struct arena *arena;
    int64_t now_micros, visible_until_micros;
    const char *request_id;
    bool stream;
};

bool google_search(const struct google_search *search, const json_t *body, struct buffer *out,
                   struct failure *failure) MUST_CHECK;
