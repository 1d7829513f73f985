/* oauth: Google's token endpoint and the access tokens it hands out.
 *
 * A token carries when it was issued and until when it holds, under an HMAC, so none is stored. */
#pragma once

#include "request.h"

struct oauth {
    const char *client_id, *client_secret, *refresh_token; /* what is accepted; borrowed */
    const char *user_email;                                /* whose token it is */
    int64_t valid_from_micros;                             /* older tokens have expired */
};

enum oauth_verdict { OAUTH_VALID, OAUTH_MISSING, OAUTH_INVALID, OAUTH_EXPIRED };

void oauth_answer(const struct oauth *oauth, const struct request *request, int64_t ttl_s,
                  struct reply *reply);
/* The value of an Authorization header, or NULL. */
enum oauth_verdict oauth_check(const struct oauth *oauth, const char *authorization,
                               int64_t now_micros);
