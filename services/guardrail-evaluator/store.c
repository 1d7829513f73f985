#include "store.h"

#include "guardrail-evaluator_core_sql.h"

#include <string.h>

/* id, version, content hash are the first columns of every load here. */
static bool seen_of(const PGresult *rows, int row, struct saga_seen *ret_seen, struct err *err)
{
    struct bytes content = db_bytes(rows, row, 2);
    if (content.length != sizeof ret_seen->content.bytes)
        return err_set(err, ERR_FATAL, "a content hash of %zu bytes", content.length);
    ret_seen->id = db_uuid(rows, row, 0);
    ret_seen->version = db_i32(rows, row, 1);
    memcpy(ret_seen->content.bytes, content.data, content.length);
    return true;
}

static void add_sagas(struct db_args *args, const struct uuid sagas[], size_t count)
{
    DB_ARRAY(args, uuid, i, count, &sagas[i]);
}

/* Columns of load_proposals. */
enum {
    HAS_EFFECTS = 3,
    LAW,
    KIND,
    ACCOUNTS,
    LEVEL,
    RULES,
    CHANGE_BP,
    DAY_BP,
    TARGET_DRIFT_BP,
    ACCOUNT_DRIFT_BP,
    FROM_ZERO,
    LOCK,
};

/* Whatever is neither run nor stop is the strictest. */
static enum level level_of(const char *name)
{
    if (strcmp(name, "run") == 0)
        return LEVEL_RUN;
    return strcmp(name, "stop") == 0 ? LEVEL_STOP : LEVEL_FREEZE;
}

static bool split_rules(char *text, struct law *law, struct err *err)
{
    char *rest = NULL;
    for (char *name = strtok_r(text, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
        if (law->rule_count == rules_max)
            return err_set(err, ERR_FATAL, "%s lists more than %d rules", law->kind, rules_max);
        law->rules[law->rule_count++] = name;
    }
    return true;
}

static bool law_of(struct arena *arena, const PGresult *rows, int row, struct law **ret_law,
                   struct err *err)
{
    struct law *law = arena_new_bytes(arena, sizeof *law);
    const char *rules = db_text(rows, row, RULES);
    *law = (struct law){
        .kind = db_text_in(arena, rows, row, KIND),
        .accounts = db_text_in(arena, rows, row, ACCOUNTS),
        .level = level_of(db_text(rows, row, LEVEL)),
        .change_bp = db_i32(rows, row, CHANGE_BP),
        .day_bp = db_i32(rows, row, DAY_BP),
        .target_drift_bp = db_i32(rows, row, TARGET_DRIFT_BP),
        .account_drift_bp = db_i32(rows, row, ACCOUNT_DRIFT_BP),
        .from_zero_micros = db_i64(rows, row, FROM_ZERO),
        .lock = db_text_in(arena, rows, row, LOCK),
    };
    *ret_law = law;
    return split_rules(arena_text(arena, rules, strlen(rules)), law, err);
}

/* Each law is told with every saga it holds for; it is made from the first of them. */
static bool read_proposals(struct arena *arena, const PGresult *rows, struct proposed proposals[],
                           struct err *err)
{
    int count = PQntuples(rows);
    struct law **laws = arena_array(arena, (size_t)count + 1, sizeof(struct law *));
    for (int row = 0; row < count; row++) {
        int32_t n = db_i32(rows, row, LAW); /* from 1 */
        if (!laws[n] && !law_of(arena, rows, row, &laws[n], err))
            return false;
        proposals[row].law = laws[n];
        proposals[row].has_effects = db_bool(rows, row, HAS_EFFECTS);
        if (!seen_of(rows, row, &proposals[row].saga, err))
            return false;
    }
    return true;
}

bool store_load_proposals(struct db *db, struct arena *arena, const struct uuid sagas[],
                          size_t count, struct proposed **ret_proposals, size_t *ret_count,
                          struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    add_sagas(&args, sagas, count);
    if (!db_query(db, SQL_LOAD_PROPOSALS, &args, &rows, err))
        return err_context(err, "load proposals");
    *ret_count = (size_t)PQntuples(rows);
    *ret_proposals = arena_array(arena, *ret_count, sizeof **ret_proposals);
    return read_proposals(arena, rows, *ret_proposals, err);
}

static bool load_due(struct db *db, struct arena *arena, const char *sql,
                     const struct db_args *args, struct due **ret_due, size_t *ret_count,
                     struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    if (!db_query(db, sql, args, &rows, err))
        return err_context(err, "load due");
    *ret_count = (size_t)PQntuples(rows);
    *ret_due = arena_array(arena, *ret_count, sizeof **ret_due);
    for (size_t i = 0; i < *ret_count; i++) {
        struct due *due = &(*ret_due)[i];
        if (!seen_of(rows, (int)i, &due->saga, err))
            return false;
        due->state = db_text_in(arena, rows, (int)i, 3);
        due->live = db_bool(rows, (int)i, 4);
    }
    return true;
}

bool store_load_executed(struct db *db, struct arena *arena, const struct uuid sagas[],
                         size_t count, struct due **ret_due, size_t *ret_count, struct err *err)
{
    DB_ARGS args = {0};
    add_sagas(&args, sagas, count);
    return load_due(db, arena, SQL_LOAD_EXECUTED, &args, ret_due, ret_count, err);
}

bool store_load_due(struct db *db, struct arena *arena, int32_t limit, struct due **ret_due,
                    size_t *ret_count, struct err *err)
{
    DB_ARGS args = {0};
    db_arg_real(&args, observed_age_s_max);
    db_arg_i32(&args, limit);
    return load_due(db, arena, SQL_LOAD_DUE, &args, ret_due, ret_count, err);
}

bool store_add_safety_events(struct db *db, const struct safety_event events[], size_t count,
                             struct err *err)
{
    DB_ARGS args = {0};
    if (count == 0)
        return true;
    DB_ARRAY(&args, uuid, i, count, &events[i].saga);
    DB_ARRAY(&args, i32, i, count, events[i].version);
    DB_ARRAY(&args, text, i, count, events[i].event);
    DB_ARRAY(&args, text, i, count, events[i].rule);
    DB_ARRAY(&args, text, i, count, events[i].sentence);
    return db_exec(db, SQL_ADD_SAFETY_EVENTS, &args, err) || err_context(err, "safety events");
}

bool store_add_checks(struct db *db, const struct landed landed[], size_t count, struct err *err)
{
    DB_ARGS args = {0};
    DB_ARRAY(&args, text, i, count, landed[i].source);
    DB_ARRAY(&args, text, i, count, landed[i].account);
    DB_ARRAY(&args, text, i, count, landed[i].from);
    DB_ARRAY(&args, text, i, count, landed[i].to);
    DB_ARRAY(&args, i64, i, count, landed[i].vintages);
    DB_ARRAY(&args, i64, i, count, landed[i].run);
    return db_exec(db, SQL_ADD_CHECKS, &args, err) || err_context(err, "add checks");
}

bool store_lease_check(struct db *db, struct arena *arena, int64_t lease_ms,
                       struct check *ret_check, bool *ret_found, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_i64(&args, lease_ms);
    if (!db_query(db, SQL_LEASE_CHECK, &args, &rows, err))
        return err_context(err, "lease check");
    *ret_found = PQntuples(rows) > 0;
    if (*ret_found)
        *ret_check = (struct check){
            .id = db_i64(rows, 0, 0),
            .tries = db_i32(rows, 0, 1),
            .landed =
                {
                         .source = db_text_in(arena, rows, 0, 2),
                         .account = db_text_in(arena, rows, 0, 3),
                         .from = db_text_in(arena, rows, 0, 4),
                         .to = db_text_in(arena, rows, 0, 5),
                         .vintages = db_i64(rows, 0, 6),
                         .run = db_null(rows, 0, 7) ? 0 : db_i64(rows, 0, 7),
                         },
        };
    return true;
}

bool store_keep_check(struct db *db, const struct check *check, int64_t lease_ms, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_i64(&args, check->id);
    db_arg_i32(&args, check->tries);
    db_arg_i64(&args, lease_ms);
    if (!db_query(db, SQL_KEEP_CHECK, &args, &rows, err))
        return err_context(err, "keep check");
    return PQntuples(rows) > 0
        || err_set(err, ERR_RETRY, "check %lld is somebody else's", (long long)check->id);
}

static void add_findings(struct db_args *args, struct arena *arena, const struct finding findings[],
                         size_t count)
{
    DB_ARRAY(args, text, i, count, findings[i].suite->table);
    DB_ARRAY(args, text, i, count, findings[i].rule->name);
    DB_ARRAY(args, text, i, count, severity_text(findings[i].rule->severity));
    DB_ARRAY(args, bool, i, count, finding_holds(&findings[i]));
    DB_ARRAY(args, i64, i, count, findings[i].offending);
    DB_ARRAY(args, text, i, count, findings[i].examples);
    DB_ARRAY(args, text, i, count, finding_sentence(arena, &findings[i]));
    DB_ARRAY(args, i64, i, count, findings[i].took_ms);
}

bool store_end_check(struct db *db, struct arena *arena, const struct check *check,
                     const struct quality_report *report, bool *ret_ended, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_i64(&args, check->id);
    db_arg_i32(&args, check->tries);
    db_arg_text(&args, report->verdict.passed ? "passed" : "failed");
    db_arg_text(&args, report->verdict.sentence);
    db_arg_text(&args, report->from);
    db_arg_text(&args, report->to);
    db_arg_i32(&args, (int32_t)report->verdict.critical_count);
    db_arg_i32(&args, (int32_t)report->verdict.warning_count);
    add_findings(&args, arena, report->findings, report->count);
    if (!db_query(db, SQL_END_CHECK, &args, &rows, err))
        return err_context(err, "end check");
    *ret_ended = db_i64(rows, 0, 0) > 0;
    return true;
}

bool store_end_broken_check(struct db *db, const struct check *check, const char *sentence,
                            bool *ret_ended, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_i64(&args, check->id);
    db_arg_i32(&args, check->tries);
    db_arg_text(&args, sentence);
    if (!db_query(db, SQL_END_BROKEN_CHECK, &args, &rows, err))
        return err_context(err, "end broken check");
    *ret_ended = PQntuples(rows) > 0;
    return true;
}

bool store_say_checked(struct db *db, const char *subject, const char *message_id,
                       struct bytes body, struct err *err)
{
    DB_ARGS args = {0};
    db_arg_text(&args, subject);
    db_arg_text(&args, message_id);
    db_arg_bytes(&args, body);
    return db_exec(db, SQL_SAY_CHECKED, &args, err) || err_context(err, "say checked");
}

bool store_alert_of_data(struct db *db, const char *severity, const char *about,
                         const char *sentence, struct err *err)
{
    DB_ARGS args = {0};
    db_arg_text(&args, severity);
    db_arg_text(&args, about);
    db_arg_text(&args, sentence);
    return db_exec(db, SQL_ALERT_OF_DATA, &args, err) || err_context(err, "alert of data");
}

bool store_prune_checks(struct db *db, int32_t limit, struct err *err)
{
    DB_ARGS args = {0};
    db_arg_i32(&args, limit);
    return db_exec(db, SQL_PRUNE_CHECKS, &args, err) || err_context(err, "prune checks");
}
