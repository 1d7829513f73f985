#include "platform_reply.h"

#include "clock.h"

#include <stdio.h>
#include <string.h>

enum { digits_max = 20 };
static const int64_t wait_default_ms = 30000;

struct platform_reply platform_reply_of(enum platform_fate fate, const char *code)
{
    struct platform_reply reply = {.fate = fate};
    (void)snprintf(reply.code, sizeof reply.code, "%s", code);
    if (fate == PLATFORM_THROTTLED)
        reply.wait_ms = wait_default_ms;
    return reply;
}

struct platform_reply platform_reply_not_sent(const struct http_result *result)
{
    struct platform_reply reply = platform_reply_of(PLATFORM_TRANSIENT, "not_sent");
    int64_t rest_ms = result->again_boot_ms ? result->again_boot_ms - clock_boot_ms() : 0;
    reply.wait_ms = rest_ms > 0 ? rest_ms : 0;
    return reply;
}

bool platform_digits_valid(const char *digits)
{
    size_t length = strlen(digits);
    return length > 0 && length <= digits_max && strspn(digits, "0123456789") == length;
}
