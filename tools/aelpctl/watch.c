#include "watch.h"

#include "api.h"
#include "clock.h"
#include "mem.h"
#include "show.h"
#include "table.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { why_text = 1200 }; /* a lock's reason has 200 characters */

static const int64_t look_ms = 200;

/* What an end means to a script. */
static const struct {
    const char *state;
    int code;
} ends[] = {
    {"confirmed",       EXIT_DONE    },
    {"rolled_back",     EXIT_DONE    },
    {"blocked",         EXIT_REFUSED },
    {"rejected",        EXIT_REFUSED },
    {"expired",         EXIT_CONFLICT},
    {"stale",           EXIT_CONFLICT},
    {"cancelled",       EXIT_CONFLICT},
    {"failed",          EXIT_ERROR   },
    {"rollback_failed", EXIT_ERROR   },
};

static void pause_ms(int64_t ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* The code of a final state; -1: it goes on. */
static int end_of(const char *state)
{
    for (size_t i = 0; i < COUNT(ends); i++)
        if (strcmp(ends[i].state, state) == 0)
            return ends[i].code;
    return -1;
}

/* Events from `*seen` on, as lines. */
static void say_events(const json_t *proposal, size_t *seen)
{
    const json_t *events = json_object_get(proposal, "events");
    for (; *seen < json_array_size(events); ++*seen) {
        const json_t *event = json_array_get(events, *seen);
        const char *who = api_text(event, "name"), *note = api_text(event, "note");
        cli_say("%.19s  %-12s %s%s%s", api_text(event, "at"), api_text(event, "event"), who,
                *who && *note ? ": " : "", note);
    }
}

int run_watch(struct cli *cli)
{
    int64_t timeout_s = 180;
    size_t seen = 0;
    char id[API_ID], said[why_text] = "";
    const char *until = cli->flags.until;
    if (cli->flags.timeout && !cli_number(cli->flags.timeout, 0, INT64_C(7) * 86400, &timeout_s))
        return cli_fail(EXIT_USAGE, NULL, "--timeout: seconds");
    int code = api_find(cli, cli->args[0], id);
    for (int64_t end_ms = clock_boot_ms() + timeout_s * 1000; !code;) {
        OWNED(json_t) *proposal = NULL;
        code = api_show(cli, id, &proposal);
        if (code)
            return code;
        const char *state = api_text(proposal, "state");
        int end = until && strcmp(state, until) == 0 ? EXIT_DONE : end_of(state);
        if (end < 0 && strcmp(show_why(proposal), said) != 0) {
            show_wait(proposal, "waits");
            snprintf(said, sizeof said, "%s", show_why(proposal));
        }
        say_events(proposal, &seen);
        if (end >= 0) {
            if (cli->json)
                print_json(proposal);
            else
                printf("%s\n", state);
            return end;
        }
        if (clock_boot_ms() >= end_ms)
            return cli_fail(EXIT_TIMED_OUT,
                            "aelpctl control and aelpctl calendar list say what may hold it",
                            "it is still %s after %lld s", state, (long long)timeout_s);
        pause_ms(look_ms);
    }
    return code;
}

int watch_judged(struct cli *cli, const char *id, int64_t most_ms)
{
    for (int64_t end_ms = clock_boot_ms() + most_ms;;) {
        OWNED(json_t) *proposal = NULL;
        int code = api_show(cli, id, &proposal);
        if (code)
            return code;
        const char *state = api_text(proposal, "state");
        bool waits = strcmp(state, "proposed") == 0;
        bool stopped = waits && *show_why(proposal);
        if (!waits || stopped || clock_boot_ms() >= end_ms) {
            show_print(cli, proposal);
            show_wait(proposal, "waits");
            if (waits && !stopped)
                cli_say("the guardrails have not answered yet: %s proposals watch %s",
                        cli_command(), id);
            return strcmp(state, "blocked") == 0 ? EXIT_REFUSED : EXIT_DONE;
        }
        pause_ms(look_ms / 4);
    }
}
