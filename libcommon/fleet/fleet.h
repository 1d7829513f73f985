/* fleet: who there is, what each may hear, say and touch. One row a service.
 *
 * Everything that must agree is made from these rows: NATS users and their permissions
 * (aelp-migrate nats), Postgres roles and grants (aelp-migrate roles, grants), which role may emit
 * which subject, the durable consumers (reconciled by outbox-relay), and what a service checks its
 * own routes against at start. */
#pragma once

#include "err.h"

#include <stdbool.h>
#include <stddef.h>

enum { FLEET_HEARS_MAX = 12, FLEET_SAYS_MAX = 12, FLEET_GRANTS_MAX = 40 };

struct fleet_stream {
    const char *name;      /* SAGA, DATA, JOBS, AUDIT */
    const char *subjects;  /* one filter */
    const char *retention; /* limits, workqueue */
    long max_age_hours;
    long max_bytes;
};

struct fleet_member {
    const char *name;   /* folder, process, NATS user and $SRV name */
    const char *role;   /* Postgres login role: aelp_<...> */
    const char *schema; /* the schema its migrations make, or NULL */
    bool person; /* a login for people and tools (aelpctl, the admin): no process, no NATS user */
    const char *hears[FLEET_HEARS_MAX]; /* filters; each is one durable on the stream that has it */
    const char *emits[FLEET_SAYS_MAX];  /* subjects it may put into the outbox by bus.emit */
    const char *says[FLEET_SAYS_MAX];   /* NATS subjects it may publish itself */
    const char *answers[FLEET_SAYS_MAX]; /* core request subjects it subscribes to */
    const char
        *grants[FLEET_GRANTS_MAX]; /* "EXECUTE ON FUNCTION saga.advance", "SELECT ON saga.saga" */
    const char *help;              /* one line */
};

/* What the owner of one schema needs of another's objects: the functions of `saga` write into the
 * tables of `bus` and `audit`. */
struct fleet_owner {
    const char *role; /* "<schema>_owner" */
    const char *grants[FLEET_SAYS_MAX];
};

extern const struct fleet_owner fleet_owners[];
extern const size_t fleet_owner_count;
extern const struct fleet_stream fleet_streams[];
extern const size_t fleet_stream_count;
extern const struct fleet_member fleet_members[];
extern const size_t fleet_member_count;

const struct fleet_member *fleet_find(const char *name); /* NULL: no such service */
/* All subjects of `narrow` are subjects of `wide`. */
bool fleet_covers(const char *wide, const char *narrow);
const struct fleet_stream *
fleet_stream_of(const char *filter); /* the stream that has it, or NULL */
/* "guardrail-evaluator" + "saga.proposed.>" -> "guardrail-evaluator_saga_proposed_all" */
enum { FLEET_DURABLE = 96 };
void fleet_durable(const char *service, const char *filter, char name[static FLEET_DURABLE]);
