/* signature: is this request Slack's, and of now? Pure.
 *
 * Only spares the database the garbage: what counts as proof is judged there, again. */
#pragma once

#include "bytes.h"

enum { SIGNATURE_AGE_S_MAX = 300 };

/* secret "" : only age and form can be looked at. */
bool signature_is_good(const char *secret, const char *timestamp, const char *signature,
                       struct bytes body, int64_t now_unix_s) MUST_CHECK;
