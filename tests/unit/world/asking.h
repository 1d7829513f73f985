/* asking: a world without a network: one request in, the reply's status and body out. */
#pragma once

#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

/* 2026-11-21 10:00 in New York. */
static const int64_t asking_from_micros = 1795273200LL * 1000000;

struct asking {
    struct world world;
    struct arena *memory;
    struct reply reply;
    int64_t now_micros;
    char authorization[160];
    const char *content_type, *shop_token;
    const struct http_pair *queries; /* ends with a NULL name */
};

static inline const char *asking_header(const void *source, const char *name)
{
    const struct asking *asking = source;
    if (strcasecmp(name, "authorization") == 0)
        return asking->authorization[0] ? asking->authorization : NULL;
    if (strcasecmp(name, "x-shopify-access-token") == 0)
        return asking->shop_token;
    return strcasecmp(name, "content-type") == 0 ? asking->content_type : NULL;
}

static inline const char *asking_query(const void *source, const char *name)
{
    const struct asking *asking = source;
    for (const struct http_pair *pair = asking->queries; pair && pair->name; pair++)
        if (strcmp(pair->name, name) == 0)
            return pair->value;
    return NULL;
}

/* The body's text, until the next request. */
static inline const char *ask(struct asking *asking, const char *method, const char *path,
                              const char *body)
{
    reply_done(&asking->reply);
    arena_reset(asking->memory);
    struct request request = {
        .method = method,
        .path = path,
        .body = bytes_of_text(body),
        .now_micros = asking->now_micros,
        .header = asking_header,
        .query = asking_query,
        .source = asking,
        .arena = asking->memory,
    };
    world_answer(&asking->world, &request, &asking->reply);
    const struct job *job = &asking->reply.job;
    if (job->run) {
        job->run(job->arg, &asking->reply);
        job->done(job->arg);
    }
    return asking->reply.body.length ? (const char *)asking->reply.body.data : "";
}

static inline void asking_log_in(struct asking *asking)
{
    const char *body = ask(asking, "POST", "/token",
                           "grant_type=refresh_token&client_id=c&client_secret=s&refresh_token=r");
    const char *token = strstr(body, "ya29.");
    assert_non_null(token);
    snprintf(asking->authorization, sizeof asking->authorization, "Bearer %.*s",
             (int)strcspn(token, "\""), token);
}

/* With a market when a preset is named: that many days of it have passed before today. */
static inline void asking_open_staged(struct asking *asking, const char *preset, int days)
{
    struct world_settings settings = {
        .seed = 7,
        .preset = preset,
        .history_days = days,
        .start_date = "",
        .public_url = "http://world.example",
        .google_client_id = "c",
        .google_client_secret = "s",
        .google_refresh_token = "r",
        .ga4_property = "123",
        .shop_token = "shpat_1",
        .stripe_key = "sk_test_1",
        .slack_token = "xoxb-1",
        .slack_signing_secret = "hush",
    };
    *asking = (struct asking){.memory = arena_new(), .now_micros = asking_from_micros};
    struct err err = {0};
    if (!world_open(&asking->world, &settings, asking->now_micros, &err))
        fail_msg("%s", err.text);
}

static inline void asking_open(struct asking *asking)
{
    asking_open_staged(asking, "", 0);
}

static inline void asking_close(struct asking *asking)
{
    reply_done(&asking->reply);
    arena_free(asking->memory);
    world_close(&asking->world);
}

static inline int asking_setup(void **state)
{
    static struct asking asking;
    asking_open(&asking);
    asking_log_in(&asking);
    *state = &asking;
    return 0;
}

static inline int asking_teardown(void **state)
{
    asking_close(*state);
    return 0;
}

#define assert_contains(text, part)                 \
    do {                                            \
        const char *text_ = (text);                 \
        if (!strstr(text_, (part)))                 \
            fail_msg("no %s in %s", (part), text_); \
    } while (0)
