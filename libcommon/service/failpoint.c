/* failpoint: a named place to crash or stop in. The environment is read before the threads start.
 */
#include "frame.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct {
    bool armed;
    char name[64];
    char action[32];
    _Atomic long left; /* passes until it acts */
} failpoint;

void failpoint_load(void)
{
    const char *text = getenv("AELP2_FAILPOINT");
    int name = 0, action = 0;
    long nth = 1;
    if (!text || !text[0])
        return;
    const char *colon = strchr(text, ':'), *at = strchr(text, '@');
    if (at)
        nth = strtol(at + 1, NULL, 10);
    size_t end = at ? (size_t)(at - text) : strlen(text);
    name = (int)(colon ? (size_t)(colon - text) : end);
    action = colon ? (int)(end - (size_t)name - 1) : 0;
    snprintf(failpoint.name, sizeof failpoint.name, "%.*s", name, text);
    snprintf(failpoint.action, sizeof failpoint.action, "%.*s", colon ? action : 4,
             colon ? colon + 1 : "exit");
    atomic_store(&failpoint.left, nth);
    failpoint.armed = true;
}

void service_failpoint(const char *name)
{
    long pause_ms;
    if (!failpoint.armed || strcmp(name, failpoint.name) != 0
        || atomic_fetch_sub(&failpoint.left, 1) != 1)
        return;
    if (strcmp(failpoint.action, "stop") == 0)
        raise(SIGSTOP);
    else if (sscanf(failpoint.action, "sleep_%ld", &pause_ms) == 1)
        nanosleep(&(struct timespec){pause_ms / 1000, pause_ms % 1000 * 1000000}, NULL);
    else
        kill(getpid(), SIGKILL); /* as a crash: nothing flushed, nothing said */
}
