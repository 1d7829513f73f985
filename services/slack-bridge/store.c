#include "store.h"

#include "slack-bridge_core_sql.h"

#include <assert.h>
#include <string.h>

static const char *text_of(struct arena *arena, const PGresult *rows, int row, int column)
{
    const char *text = db_text(rows, row, column);
    return text ? arena_text(arena, text, strlen(text)) : NULL;
}

bool store_add_wants(struct db *db, const struct uuid sagas[], size_t count, const char *channel,
                     struct err *err)
{
    DB_ARGS args = {0};
    DB_ARRAY(&args, uuid, i, count, &sagas[i]);
    db_arg_text(&args, channel);
    return db_exec(db, SQL_ADD_WANTS, &args, err) || err_context(err, "add wants");
}

bool store_reconcile(struct db *db, const char *channel, struct err *err)
{
    DB_ARGS args = {0};
    db_arg_text(&args, channel);
    return db_exec(db, SQL_RECONCILE, &args, err) || err_context(err, "reconcile");
}

bool store_drop_clicks(struct db *db, int32_t days, struct err *err)
{
    DB_ARGS args = {0};
    db_arg_i32(&args, days);
    return db_exec(db, SQL_DROP_CLICKS, &args, err) || err_context(err, "drop clicks");
}

bool store_add_clicks(struct db *db, const struct signed_click clicks[], size_t count,
                      struct err *err)
{
    DB_ARGS args = {0};
    DB_ARRAY(&args, text, i, count, clicks[i].body);
    DB_ARRAY(&args, text, i, count, clicks[i].timestamp);
    DB_ARRAY(&args, text, i, count, clicks[i].signature);
    DB_ARRAY(&args, text, i, count, clicks[i].user);
    return db_exec(db, SQL_ADD_CLICKS, &args, err) || err_context(err, "add clicks");
}

bool store_due_clicks(struct db *db, struct arena *arena, const char *stage, int32_t max,
                      struct click **ret_clicks, size_t *ret_count, struct err *err)
{
    DB_ARGS args = {0};
    OWNED(PGresult) *rows = NULL;
    db_arg_text(&args, stage);
    db_arg_i32(&args, max);
    if (!db_query(db, SQL_DUE_CLICKS, &args, &rows, err))
        return err_context(err, "due clicks");
    size_t count = (size_t)PQntuples(rows);
    struct click *clicks = arena_array(arena, count, sizeof *clicks);
    for (int i = 0; i < (int)count; i++)
        clicks[i] = (struct click){
            .id = db_i64(rows, i, 0),
            .said = {.body = text_of(arena, rows, i, 1),
                     .timestamp = text_of(arena, rows, i, 2),
                     .signature = text_of(arena, rows, i, 3)},
            .sentence = text_of(arena, rows, i, 4),
            .outcome = text_of(arena, rows, i, 5),
        };
    *ret_clicks = clicks;
    *ret_count = count;
    return true;
}

bool store_mark_posts(struct db *db, const struct payload *const payloads[], size_t count,
                      struct err *err)
{
    DB_ARGS args = {0};
    DB_ARRAY(&args, uuid, i, count, &payloads[i]->saga);
    DB_ARRAY(&args, text, i, count, payloads[i]->channel);
    DB_ARRAY(&args, text, i, count, payloads[i]->ts);
    return db_exec(db, SQL_MARK_POSTS, &args, err) || err_context(err, "mark posts");
}

static bool lock_click(struct db *db, int64_t click, bool *ret_ours, struct err *err)
{
    DB_ARGS args = {0};
    OWNED(PGresult) *rows = NULL;
    db_arg_i64(&args, click);
    if (!db_query(db, SQL_LOCK_CLICK, &args, &rows, err))
        return err_context(err, "lock click");
    *ret_ours = PQntuples(rows) == 1;
    return true;
}

static bool decide(struct db *db, const struct click *click, PGresult **ret_rows, struct err *err)
{
    DB_ARGS args = {0};
    const struct payload *payload = &click->payload;
    db_arg_uuid(&args, &payload->saga);
    db_arg_bytes(&args, hash_view(&payload->content));
    db_arg_text(&args, payload->what == PAYLOAD_REJECT ? "reject" : "approve");
    db_arg_text(&args, click->said.body);
    db_arg_text(&args, click->said.timestamp);
    db_arg_text(&args, click->said.signature);
    db_arg_text(&args, payload->reason);
    return db_query(db, SQL_DECIDE, &args, ret_rows, err) || err_context(err, "decide");
}

static bool disown(struct db *db, const struct click *click, PGresult **ret_rows, struct err *err)
{
    DB_ARGS args = {0};
    db_arg_i64(&args, click->payload.decision);
    db_arg_text(&args, click->said.body);
    db_arg_text(&args, click->said.timestamp);
    db_arg_text(&args, click->said.signature);
    return db_query(db, SQL_DISOWN, &args, ret_rows, err) || err_context(err, "disown");
}

bool store_decide(struct db *db, const struct click *click, bool *ret_refused, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    bool ours = false;
    if (!db_begin(db, err) || !lock_click(db, click->id, &ours, err))
        return false;
    if (!ours) {
        db_rollback(db);
        return true;
    }
    bool disowns = click->payload.what == PAYLOAD_DISOWN;
    if (!(disowns ? disown(db, click, &rows, err) : decide(db, click, &rows, err)))
        return false;
    assert(PQntuples(rows) == 1);
    const char *result = db_text(rows, 0, 0);
    bool refused = strcmp(result, "refused") == 0;
    const char *sentence = refused || disowns ? db_text(rows, 0, 1) : NULL; /* to be said */
    if (!store_end_click(db, click->id, result, sentence, err) || !db_commit(db, err))
        return false;
    *ret_refused = refused;
    return true;
}

bool store_end_click(struct db *db, int64_t click, const char *outcome, const char *sentence,
                     struct err *err)
{
    DB_ARGS args = {0};
    db_arg_i64(&args, click);
    db_arg_text(&args, sentence ? "decided" : "answered");
    db_arg_text(&args, outcome);
    db_arg_text(&args, sentence);
    return db_exec(db, SQL_END_CLICK, &args, err) || err_context(err, "end click");
}

bool store_defer_click(struct db *db, int64_t click, int32_t give_up_s, struct err *err)
{
    DB_ARGS args = {0};
    db_arg_i64(&args, click);
    db_arg_i32(&args, give_up_s);
    return db_exec(db, SQL_DEFER_CLICK, &args, err) || err_context(err, "defer click");
}

bool store_channel_of(struct db *db, struct arena *arena, const struct uuid *saga,
                      const char **ret_channel, struct err *err)
{
    DB_ARGS args = {0};
    OWNED(PGresult) *rows = NULL;
    db_arg_uuid(&args, saga);
    if (!db_query(db, SQL_POST_OF_SAGA, &args, &rows, err))
        return err_context(err, "post of saga");
    *ret_channel = PQntuples(rows) ? text_of(arena, rows, 0, 0) : NULL;
    return true;
}

bool store_due_notices(struct db *db, struct arena *arena, int32_t max, struct notice **ret_notices,
                       size_t *ret_count, struct err *err)
{
    DB_ARGS args = {0};
    OWNED(PGresult) *rows = NULL;
    db_arg_i32(&args, max);
    if (!db_query(db, SQL_DUE_NOTICES, &args, &rows, err))
        return err_context(err, "due notices");
    size_t count = (size_t)PQntuples(rows);
    struct notice *notices = arena_array(arena, count, sizeof *notices);
    for (int i = 0; i < (int)count; i++)
        notices[i] = (struct notice){
            .decision = db_i64(rows, i, 0),
            .saga = db_uuid(rows, i, 1),
            .slack_user = text_of(arena, rows, i, 2),
            .headline = text_of(arena, rows, i, 3),
            .verdict = text_of(arena, rows, i, 4),
            .surface = text_of(arena, rows, i, 5),
            .at_micros = db_time(rows, i, 6),
        };
    *ret_notices = notices;
    *ret_count = count;
    return true;
}

bool store_end_notices(struct db *db, const struct notice notices[], const bool told[],
                       size_t count, struct err *err)
{
    DB_ARGS args = {0};
    DB_ARRAY(&args, i64, i, count, notices[i].decision);
    DB_ARRAY(&args, bool, i, count, told[i]);
    return db_exec(db, SQL_END_NOTICES, &args, err) || err_context(err, "end notices");
}

bool store_load_channel(struct db *db, struct arena *arena, const char *channel,
                        struct channel *ret_channel, struct err *err)
{
    DB_ARGS args = {0};
    OWNED(PGresult) *rows = NULL;
    db_arg_text(&args, channel);
    if (!db_exec(db, SQL_DROP_UNPOSTED, &args, err)
        || !db_query(db, SQL_LOAD_CHANNEL, &args, &rows, err))
        return err_context(err, "load channel");
    *ret_channel = (struct channel){
        .live = db_i64(rows, 0, 0),
        .waiting = db_i64(rows, 0, 1),
        .digest_ts = text_of(arena, rows, 0, 2),
        .digest_shown = db_null(rows, 0, 3) ? 0 : db_i64(rows, 0, 3),
    };
    return true;
}

bool store_record_digest(struct db *db, const char *channel, const char *ts, int64_t count,
                         struct err *err)
{
    DB_ARGS args = {0};
    db_arg_text(&args, channel);
    db_arg_text(&args, ts);
    db_arg_i64(&args, count);
    return db_exec(db, SQL_RECORD_DIGEST, &args, err) || err_context(err, "record digest");
}

bool store_drop_digest(struct db *db, const char *channel, struct err *err)
{
    DB_ARGS args = {0};
    db_arg_text(&args, channel);
    return db_exec(db, SQL_DROP_DIGEST, &args, err) || err_context(err, "drop digest");
}

static struct hash hash_at(const PGresult *rows, int row, int column)
{
    struct hash hash;
    struct bytes bytes = db_bytes(rows, row, column);
    assert(bytes.length == HASH_BYTES);
    memcpy(hash.bytes, bytes.data, HASH_BYTES);
    return hash;
}

static struct post post_at(struct arena *arena, const PGresult *rows, int row)
{
    return (struct post){
        .id = db_i64(rows, row, 0),
        .channel = text_of(arena, rows, row, 1),
        .ts = text_of(arena, rows, row, 2),
        .card =
            {
                   .saga = db_uuid(rows, row, 3),
                   .version = db_i32(rows, row, 4),
                   .state = text_of(arena, rows, row, 5),
                   .kind = text_of(arena, rows, row, 6),
                   .mode = text_of(arena, rows, row, 7),
                   .content = hash_at(rows, row, 8),
                   .expires_micros = db_time(rows, row, 9),
                   .request = db_uuid(rows, row, 10),
                   .proposer = text_of(arena, rows, row, 11),
                   .headline = text_of(arena, rows, row, 12),
                   .note = text_of(arena, rows, row, 13),
                   .reason = text_of(arena, rows, row, 14),
                   .accounts = text_of(arena, rows, row, 15),
                   .checks = text_of(arena, rows, row, 16),
                   .decisions = text_of(arena, rows, row, 17),
                   .quorum = db_i32(rows, row, 18),
                   .approvals = (int32_t)db_i64(rows, row, 19),
                   },
    };
}

bool store_load_due(struct db *db, struct arena *arena, const char *channel, int64_t posts_max,
                    int64_t edits_max, struct post **ret_posts, size_t *ret_count, struct err *err)
{
    DB_ARGS args = {0};
    OWNED(PGresult) *rows = NULL;
    db_arg_text(&args, channel);
    db_arg_i64(&args, posts_max);
    db_arg_i64(&args, edits_max);
    if (!db_query(db, SQL_LOAD_DUE, &args, &rows, err))
        return err_context(err, "load due");
    size_t count = (size_t)PQntuples(rows);
    struct post *posts = arena_array(arena, count, sizeof *posts);
    for (size_t i = 0; i < count; i++)
        posts[i] = post_at(arena, rows, (int)i);
    *ret_posts = posts;
    *ret_count = count;
    return true;
}

bool store_record_post(struct db *db, const struct post *post, const char *ts, bool open,
                       struct err *err)
{
    DB_ARGS args = {0};
    db_arg_i64(&args, post->id);
    db_arg_text(&args, ts);
    db_arg_i32(&args, post->card.version);
    db_arg_bool(&args, open);
    return db_exec(db, SQL_RECORD_POST, &args, err) || err_context(err, "record post");
}

bool store_defer_post(struct db *db, int64_t post, struct err *err)
{
    DB_ARGS args = {0};
    db_arg_i64(&args, post);
    return db_exec(db, SQL_DEFER_POST, &args, err) || err_context(err, "defer post");
}
