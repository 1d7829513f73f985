/* audit verify: the ledger's rows against their rules, then the log, leaf by leaf. Everything is
 * looked at, whatever was found before. */
#include "audit.h"

#include "audit_log.h"
#include "clock.h"
#include "http_client.h"
#include "ledger.h"
#include "ledger_checks.h"
#include "mem.h"
#include "table.h"

#include <stdio.h>
#include <string.h>

/* What was found wrong, a row each. */
struct findings {
    struct table table;
    json_t *list;
};

static void findings_done(struct findings *findings)
{
    table_done(&findings->table);
    json_decref(findings->list);
}
#define FINDINGS __attribute__((cleanup(findings_done))) struct findings

static void found(struct findings *findings, const char *saga, const char *rule, const char *what)
{
    table_add(&findings->table, saga ? saga : "-");
    table_add(&findings->table, rule);
    table_add(&findings->table, what);
    json_array_append_new(findings->list,
                          json_pack("{s:s?,s:s,s:s}", "saga", saga, "rule", rule, "what", what));
}

/* What the witness holds, to compare; nothing when none is set. */
static int ask_witness(const struct cli *cli, const struct note_key *log, struct buffer *note)
{
    char url[700], file[2 * HASH_BYTES + 1];
    if (!*cli->settings.witness_url)
        return EXIT_DONE;
    struct hash origin = hash_sha256(bytes_of_text(log->name));
    hex_encode(hash_view(&origin), file);
    snprintf(url, sizeof url, "%s/%s/checkpoint", cli->settings.witness_url, file);
    struct http_call call = {.method = "GET", .url = url, .timeout_ms = 10000};
    OWNED(http_client) *client =
        http_client_new(&(struct http_client_settings){.user_agent = "aelpctl"});
    http_client_run(client, &call, 1);
    int code = EXIT_DONE;
    if (call.result.outcome != HTTP_ANSWERED)
        code = cli_fail(EXIT_UNREACHABLE, NULL, "the witness: %s", call.result.text);
    else if (call.result.status == 200)
        buffer_add(note, call.result.body.data, call.result.body.length);
    else
        code = cli_fail(EXIT_ERROR, NULL, "the witness answered %d", call.result.status);
    http_call_done(&call);
    return code;
}

static int could_not(const struct err *err)
{
    return cli_fail(err->kind == ERR_RETRY ? EXIT_UNREACHABLE : EXIT_ERROR, NULL,
                    "could not be verified: %s", err->text);
}

static void progress(const char *sentence, int count, int64_t since_ms)
{
    cli_say("%s %5.2f s  %s", count ? "NOT" : "ok ", (double)(clock_boot_ms() - since_ms) / 1000,
            sentence);
}

static int check_ledger(struct db *db, struct findings *findings)
{
    struct err err = {0};
    if (!ledger_checks_prepare(db, &err))
        return could_not(&err);
    for (size_t i = 0; i < ledger_check_count; i++) {
        const struct ledger_check *check = &ledger_checks[i];
        OWNED(PGresult) *rows = NULL;
        int64_t began = clock_boot_ms();
        if (!ledger_check_run(db, check, &rows, &err))
            return could_not(&err);
        for (int row = 0; row < PQntuples(rows); row++) {
            char saga[UUID_TEXT];
            bool of_saga = !db_null(rows, row, 0);
            struct uuid id = of_saga ? db_uuid(rows, row, 0) : (struct uuid){0};
            uuid_text(&id, saga);
            found(findings, of_saga ? saga : NULL, check->name, db_text(rows, row, 1));
        }
        progress(check->sentence, PQntuples(rows), began);
    }
    return EXIT_DONE;
}

static int check_log(const struct cli *cli, struct db *db, const struct policy *policy,
                     struct findings *findings, struct audit_report *report)
{
    BUFFER witness = {0};
    struct err err = {0};
    int64_t began = clock_boot_ms();
    int code = ask_witness(cli, &policy->key[0], &witness);
    if (code)
        return code;
    bool whole = audit_verify(db, policy, buffer_view(&witness), report, &err);
    if (!whole && err.kind != ERR_REJECT)
        return could_not(&err);
    if (!whole)
        found(findings, NULL, "log", err.text);
    progress("all leaves are in the tree that log and witness signed", !whole, began);
    return EXIT_DONE;
}

static void print_whole(const struct cli *cli, const struct audit_report *report)
{
    char root[2 * HASH_BYTES + 1];
    hex_encode(hash_view(&report->log.root), root);
    if (cli->json) {
        OWNED(json_t) *checks = json_array();
        for (size_t i = 0; i < ledger_check_count; i++)
            json_array_append_new(checks, json_string(ledger_checks[i].name));
        OWNED(json_t) *json = json_pack(
            "{s:b,s:I,s:I,s:I,s:I,s:s,s:O}", "ok", true, "leaves", (json_int_t)report->log.leaves,
            "checkpoints", (json_int_t)report->log.checkpoints, "witness_size",
            (json_int_t)report->log.witness_size, "pending", (json_int_t)report->pending, "root",
            root, "checks", checks);
        print_json(json);
        return;
    }
    printf("the log is whole: %llu leaves, %llu checkpoints, the witness has seen %llu, %llu "
           "events wait\nroot %s\n",
           (unsigned long long)report->log.leaves, (unsigned long long)report->log.checkpoints,
           (unsigned long long)report->log.witness_size, (unsigned long long)report->pending, root);
}

static int print_findings(const struct cli *cli, const struct findings *findings)
{
    if (cli->json) {
        OWNED(json_t) *json = json_pack("{s:b,s:O}", "ok", false, "found", findings->list);
        print_json(json);
    } else
        table_print(cli, &findings->table);
    return cli_fail(EXIT_ERROR, "stop (aelpctl kill) and find out who did it",
                    "the ledger is NOT whole: %zu found, at most 20 of a rule",
                    json_array_size(findings->list));
}

int run_audit_verify(struct cli *cli)
{
    OWNED(ledger) *db = NULL;
    FINDINGS findings = {
        .table = {.head = {"saga", "rule", "what"}, .columns = 3},
          .list = json_array()
    };
    struct policy policy;
    struct audit_report report = {0};
    int code = audit_read_policy(cli, &policy);
    if (!code)
        code = ledger_open(cli->settings.auditor_url, "AELP2_AUDITOR_URL", &db);
    if (!code)
        code = check_ledger(db, &findings);
    if (!code)
        code = check_log(cli, db, &policy, &findings, &report);
    if (json_array_size(findings.list) > 0)
        return print_findings(cli, &findings);
    if (!code)
        print_whole(cli, &report);
    return code;
}
