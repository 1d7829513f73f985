/* platform_reply: what the platforms' ways of answering have in common. Inside this archive only.
 */
#pragma once

#include "http_client.h"
#include "platform.h"

/* THROTTLED waits half a minute, where nobody says how long. */
struct platform_reply platform_reply_of(enum platform_fate fate, const char *code);
/* Of a call that did not leave: it may, when its host has rested. */
struct platform_reply platform_reply_not_sent(const struct http_result *result);
/* A number that an account of theirs has: 1 to 20 digits. */
bool platform_digits_valid(const char *digits);
