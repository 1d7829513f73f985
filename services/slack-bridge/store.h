/* store: the only code here that speaks to Postgres. Texts that are returned live in the arena. */
#pragma once

#include "card.h"
#include "db.h"
#include "mem.h"
#include "payload.h"

bool store_add_wants(struct db *db, const struct uuid sagas[], size_t count, const char *channel,
                     struct err *err) MUST_CHECK;
bool store_reconcile(struct db *db, const char *channel, struct err *err) MUST_CHECK;
bool store_drop_clicks(struct db *db, int32_t days, struct err *err) MUST_CHECK;

/* A signed request as it came. */
struct signed_click {
    const char *body, *timestamp, *signature, *user;
};
bool store_add_clicks(struct db *db, const struct signed_click clicks[], size_t count,
                      struct err *err) MUST_CHECK;

struct click {
    int64_t id;
    struct signed_click said; /* without the user */
    const char *sentence;     /* once decided: what to answer with */
    const char *outcome;      /* once decided */
    struct payload payload;   /* its reader's to fill */
};
bool store_due_clicks(struct db *db, struct arena *arena, const char *stage, int32_t max,
                      struct click **ret_clicks, size_t *ret_count, struct err *err) MUST_CHECK;
/* The messages these clicks were on are to be drawn again, and known from now on. */
bool store_mark_posts(struct db *db, const struct payload *const payloads[], size_t count,
                      struct err *err) MUST_CHECK;
/* One transaction: the decision, or its disowning, and what became of the click. A click that was
 * dealt with meanwhile is left alone. */
bool store_decide(struct db *db, const struct click *click, bool *ret_refused,
                  struct err *err) MUST_CHECK;
/* sentence NULL: nothing more to do; else the person is still to be told. */
bool store_end_click(struct db *db, int64_t click, const char *outcome, const char *sentence,
                     struct err *err) MUST_CHECK;
bool store_defer_click(struct db *db, int64_t click, int32_t give_up_s, struct err *err) MUST_CHECK;
/* NULL: there is none. */
bool store_channel_of(struct db *db, struct arena *arena, const struct uuid *saga,
                      const char **ret_channel, struct err *err) MUST_CHECK;

bool store_due_notices(struct db *db, struct arena *arena, int32_t max, struct notice **ret_notices,
                       size_t *ret_count, struct err *err) MUST_CHECK;
/* told: of each. What was not is due again later. */
bool store_end_notices(struct db *db, const struct notice notices[], const bool told[],
                       size_t count, struct err *err) MUST_CHECK;

struct channel {
    int64_t live, waiting; /* cards with buttons, cards not posted yet */
    const char *digest_ts; /* NULL: no digest stands */
    int64_t digest_shown;
};
bool store_load_channel(struct db *db, struct arena *arena, const char *channel,
                        struct channel *ret_channel, struct err *err) MUST_CHECK;
bool store_record_digest(struct db *db, const char *channel, const char *ts, int64_t count,
                         struct err *err) MUST_CHECK;
bool store_drop_digest(struct db *db, const char *channel, struct err *err) MUST_CHECK;

struct post {
    int64_t id;
    const char *channel, *ts; /* ts NULL: not posted yet */
    struct card card;
};
/* Edits first, then new ones. */
bool store_load_due(struct db *db, struct arena *arena, const char *channel, int64_t posts_max,
                    int64_t edits_max, struct post **ret_posts, size_t *ret_count,
                    struct err *err) MUST_CHECK;
bool store_record_post(struct db *db, const struct post *post, const char *ts, bool open,
                       struct err *err) MUST_CHECK;
bool store_defer_post(struct db *db, int64_t post, struct err *err) MUST_CHECK;
