/* google_search: googleAds:search (pages) and :searchStream (batches in an array). */
#pragma once

#include "failure.h"
#include "faults.h"
#include "stage.h"

#include <jansson.h>

enum { SEARCH_PAGE_ROWS = 10000 };

struct google_search {
    const struct account *account;
    const struct stage *stage; /* NULL: nothing is delivered */
    struct arena *arena;
    struct faults *faults;
    int64_t now_micros, visible_until_micros;
    int version; /* of the API: 25 */
    const char *request_id;
    bool stream;
};

/* Does that body continue a search? Such a request costs no operation. */
bool google_search_continues(const json_t *body);
bool google_search(const struct google_search *search, const json_t *body, struct buffer *out,
                   struct failure *failure) MUST_CHECK;
