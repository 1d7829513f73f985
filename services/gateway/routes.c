#include "routes.h"

#include "budgets.h"
#include "gateway.h"
#include "gateway_core_sql.h"
#include "people.h"
#include "proposals.h"
#include "request.h"

#include <assert.h>

static void take(struct http_exchange *exchange, void *state, call_fn *run)
{
    struct gateway *gateway = state;
    desk_take(&gateway->desk, exchange, run);
}

static void take_read(struct http_exchange *exchange, void *state, call_fn *run)
{
    struct gateway *gateway = state;
    desk_take_read(&gateway->desk, exchange, run);
}

static void on_create(struct http_exchange *exchange, void *state)
{
    take(exchange, state, proposals_create);
}

static void on_list(struct http_exchange *exchange, void *state)
{
    take_read(exchange, state, proposals_list);
}

static void on_show(struct http_exchange *exchange, void *state)
{
    take_read(exchange, state, proposals_show);
}

static void on_approve(struct http_exchange *exchange, void *state)
{
    take(exchange, state, proposals_approve);
}

static void on_reject(struct http_exchange *exchange, void *state)
{
    take(exchange, state, proposals_reject);
}

static void on_withdraw(struct http_exchange *exchange, void *state)
{
    take(exchange, state, proposals_withdraw);
}

static void on_cancel(struct http_exchange *exchange, void *state)
{
    take(exchange, state, proposals_cancel);
}

static void on_resolve(struct http_exchange *exchange, void *state)
{
    take(exchange, state, proposals_resolve);
}

static void on_roll_back(struct http_exchange *exchange, void *state)
{
    take(exchange, state, proposals_roll_back);
}

static void on_controls(struct http_exchange *exchange, void *state)
{
    take_read(exchange, state, people_controls);
}

static void on_control(struct http_exchange *exchange, void *state)
{
    take(exchange, state, people_control);
}

static void on_me(struct http_exchange *exchange, void *state)
{
    struct gateway *gateway = state;
    desk_take_here(&gateway->desk, exchange, people_me);
}

static void on_decisions(struct http_exchange *exchange, void *state)
{
    take(exchange, state, people_decisions);
}

static void on_disown(struct http_exchange *exchange, void *state)
{
    struct gateway *gateway = state;
    desk_take_bare(&gateway->desk, exchange, people_disown);
}

static void on_accounts(struct http_exchange *exchange, void *state)
{
    take_read(exchange, state, people_accounts);
}

static void on_budgets(struct http_exchange *exchange, void *state)
{
    take_read(exchange, state, budgets_list);
}

static void on_events(struct http_exchange *exchange, void *state)
{
    struct gateway *gateway = state;
    events_listen(&gateway->events, exchange);
}

static void answer(struct http_exchange *exchange, const char *type, const char *text)
{
    http_answer(exchange,
                &(struct http_answer){.status = 200,
                                      .type = type,
                                      .body = bytes_of_text(text),
                                      .fields = call_security,
                                      .field_count = call_security_count});
}

static void on_openapi(struct http_exchange *exchange, void *state)
{
    (void)state;
    answer(exchange, "application/json", JSON_OPENAPI);
}

static void on_version(struct http_exchange *exchange, void *state)
{
    (void)state;
    answer(exchange, "application/json", "{\"service\":\"gateway\",\"api\":\"v1\"}\n");
}

static void on_root(struct http_exchange *exchange, void *state)
{
    (void)state;
    answer(exchange, "text/plain; charset=utf-8",
           "AELP2: propose, approve, watch.\n\n  API      /api/openapi.json\n"
           "  on the command line   ./aelp ctl help\n");
}

static void on_later(struct http_exchange *exchange, void *state)
{
    (void)state;
    call_refuse(exchange, 501, "not_implemented", "the API that is there: /api/openapi.json",
                "the service that answers this does not exist yet");
}

static const struct http_route api[] = {
    {"POST", "/api/v1/proposals",                 on_create,    REQUEST_BYTES_MAX},
    {"GET",  "/api/v1/proposals",                 on_list,      0                },
    {"GET",  "/api/v1/proposals/:id",             on_show,      0                },
    {"POST", "/api/v1/proposals/:id/approvals",   on_approve,   REQUEST_BYTES_MAX},
    {"POST", "/api/v1/proposals/:id/rejections",  on_reject,    REQUEST_BYTES_MAX},
    {"POST", "/api/v1/proposals/:id/withdrawals", on_withdraw,  REQUEST_BYTES_MAX},
    {"POST", "/api/v1/proposals/:id/cancel",      on_cancel,    REQUEST_BYTES_MAX},
    {"POST", "/api/v1/proposals/:id/resolve",     on_resolve,   REQUEST_BYTES_MAX},
    {"POST", "/api/v1/proposals/:id/rollback",    on_roll_back, REQUEST_BYTES_MAX},
    {"GET",  "/api/v1/control",                   on_controls,  0                },
    {"POST", "/api/v1/control",                   on_control,   REQUEST_BYTES_MAX},
    {"GET",  "/api/v1/accounts",                  on_accounts,  0                },
    {"GET",  "/api/v1/budgets",                   on_budgets,   0                },
    {"GET",  "/api/v1/me",                        on_me,        0                },
    {"GET",  "/api/v1/me/decisions",              on_decisions, 0                },
    {"POST", "/api/v1/me/disownments",            on_disown,    REQUEST_BYTES_MAX},
    {"GET",  "/api/v1/events",                    on_events,    0                },
    {"GET",  "/api/openapi.json",                 on_openapi,   0                },
    {"GET",  "/version",                          on_version,   0                },
    {"GET",  "/",                                 on_root,      0                },
};

/* Paths that are promised; each keeps its place until its owner comes. */
static const char *const later[] = {
    "/api/ab/assign",
    "/api/ab/exposure",
    "/api/bq/ab/results",
    "/api/bq/explore/cells",
    "/api/bq/rl/policy",
    "/api/bq/halo",
    "/api/bq/mmm/curves",
    "/api/bq/mmm/allocations",
    "/api/bq/channel-attribution",
    "/api/control/creative/enqueue",
    "/api/control/creative/publish",
    "/api/control/creative/rollback",
    "/api/control/lp/publish",
    "/api/control/bandit-apply",
    "/api/control/reach-planner",
    "/api/module/:slug/start",
    "/api/module/:slug/status",
    "/api/module/:slug/result",
    "/api/research/angles",
    "/api/research/brief",
};
_Static_assert(COUNT(api) + 2 * COUNT(later) <= ROUTES_MAX, "all routes have room");

void routes_make(struct routes *routes)
{
    *routes = (struct routes){.api_count = COUNT(api)};
    for (size_t i = 0; i < COUNT(api); i++)
        routes->route[routes->count++] = api[i];
    for (size_t i = 0; i < COUNT(later); i++) {
        routes->route[routes->count++] = (struct http_route){"GET", later[i], on_later, 0};
        routes->route[routes->count++] = (struct http_route){"POST", later[i], on_later, 0};
    }
}
