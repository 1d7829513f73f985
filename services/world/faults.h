/* faults: what the world does wrong on purpose, per platform; each knob a row of one table.
 *
 * A fault strikes the next n requests, or each with a chance. The chance is drawn from the seed,
 * the knob and how often it was asked, so a run with the same requests repeats. */
#pragma once

#include "err.h"
#include "json_writer.h"

#include <jansson.h>

enum fault {
    FAULT_TOO_MANY,     /* 429 in the platform's own form */
    FAULT_ERROR_BEFORE, /* 5xx, nothing applied */
    FAULT_HANG,         /* no answer, nothing applied, until the client goes */
    FAULT_PARTIAL,      /* one operation of the request fails */
    FAULT_ERROR_AFTER,  /* 5xx, although applied */
    FAULT_HANG_AFTER,   /* no answer, although applied */
    FAULT_LOSE_REPLY,   /* applied, then the connection closes */
    FAULT_TRUNCATE,     /* the connection closes within the answer's body */
    FAULT_EXPIRE,       /* all access tokens end with this request */
    FAULT_EMPTY_PAGE,   /* a page without rows that tells where to go on */
    FAULT_RESTATE,      /* no strike: a share of the days of a report is yet to be restated */
    FAULT_KINDS,
};

enum fault_scope { FAULT_ON_WRITES, FAULT_ON_READS, FAULT_ON_ALL };

struct fault_knob {
    double rate;  /* 0..1 */
    int64_t next; /* strikes that many requests first */
    enum fault_scope on;
    uint64_t asked;
};

struct faults {
    uint64_t seed;
    struct fault_knob knob[FAULT_KINDS];
    int64_t latency_ms, latency_jitter_ms; /* each answer waits latency + 0..jitter */
    int64_t retry_after_s;
    int64_t token_ttl_s;              /* Google's access tokens */
    int64_t change_event_delay_ms;    /* until a change shows in change_event */
    int64_t version_sunset;           /* Google: versions up to this one are gone; 0: none */
    int64_t operations_a_day;         /* Google's and GA4's quota; 0: none */
    int64_t reads_per_s;              /* the store's; 0: none */
    int64_t posts_per_s, posts_burst; /* Slack: messages per channel; 0: no limit */
    uint64_t latencies;               /* drawn so far */
};

void faults_init(struct faults *faults, uint64_t seed);
/* Does that fault strike this request? Each call counts. */
bool faults_strike(struct faults *faults, enum fault fault, bool write);
int64_t faults_latency_ms(struct faults *faults);
/* Is that item's day told lower than it will be? The same answer while the knob stays. */
bool faults_restates(const struct faults *faults, int64_t id, int64_t day);
/* 0..bound-1, by seed. */
uint64_t faults_draw(struct faults *faults, uint64_t bound);

/* {"http_429":{"next":3,"on":"reads"},"latency_ms":20,...}: what is named is set, the rest stays;
 * nothing is set when anything is wrong. */
bool faults_read(struct faults *faults, const json_t *settings, struct err *err) MUST_CHECK;
void faults_write(const struct faults *faults, struct json_writer *writer);
