#include "audit.h"

#include "api.h"
#include "audit_log.h"
#include "http_client.h"
#include "ledger.h"
#include "proof.h"
#include "table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BUFFER __attribute__((cleanup(buffer_done))) struct buffer

enum { file_bytes_max = 64 << 20 };

static int read_file(const char *path, struct buffer *text)
{
    char part[65536];
    size_t length;
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (!file)
        return cli_fail(EXIT_UNKNOWN, NULL, "%s can't be read", path);
    while (text->length < file_bytes_max && (length = fread(part, 1, sizeof part, file)) > 0)
        buffer_add(text, part, length);
    bool whole = feof(file) && !ferror(file);
    if (file != stdin)
        fclose(file);
    return whole ? EXIT_DONE : cli_fail(EXIT_ERROR, NULL, "%s can't be read whole", path);
}

/* Whose signatures count: the policy file's, or the log's and the witness's keys of the settings.
 */
static int read_policy(const struct cli *cli, struct policy *policy)
{
    struct err err = {0};
    struct note_key log, witness;
    if (cli->flags.policy) {
        BUFFER text = {0};
        int code = read_file(cli->flags.policy, &text);
        if (code || policy_parse(buffer_view(&text), policy, &err))
            return code;
        return cli_fail(EXIT_USAGE, NULL, "%s: %s", cli->flags.policy, err.text);
    }
    bool has_witness = *cli->settings.witness_vkey != '\0';
    if (!*cli->settings.log_vkey)
        return cli_fail(EXIT_USAGE, "--policy FILE, or AELP2_LOG_VKEY and AELP2_WITNESS_VKEY",
                        "whose log is this?");
    if (!note_key_parse(cli->settings.log_vkey, &log, &err)
        || (has_witness && !note_key_parse(cli->settings.witness_vkey, &witness, &err)))
        return cli_fail(EXIT_USAGE, NULL, "%s", err.text);
    policy_of(&log, has_witness ? &witness : NULL, policy);
    return EXIT_DONE;
}

/* What the witness holds, to compare; nothing when none is set. */
static int ask_witness(const struct cli *cli, const struct note_key *log, struct buffer *note)
{
    char url[700], file[2 * HASH_BYTES + 1];
    if (!*cli->settings.witness_url)
        return EXIT_DONE;
    struct hash origin = hash_sha256(bytes_of_text(log->name));
    hex_encode(bytes_of(origin.bytes, HASH_BYTES), file);
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

static void print_report(const struct cli *cli, const struct audit_report *report)
{
    char root[2 * HASH_BYTES + 1];
    hex_encode(bytes_of(report->log.root.bytes, HASH_BYTES), root);
    printf(cli->json ? "{\"ok\":true,\"leaves\":%" PRIu64 ",\"checkpoints\":%" PRIu64
                       ",\"witness_size\":%" PRIu64 ",\"pending\":%" PRIu64 ",\"root\":\"%s\"}\n"
                     : "the log is whole: %" PRIu64 " leaves, %" PRIu64
                       " checkpoints, the witness has seen %" PRIu64 ", %" PRIu64
                       " events wait\nroot %s\n",
           report->log.leaves, report->log.checkpoints, report->log.witness_size, report->pending,
           root);
}

int run_audit_verify(struct cli *cli)
{
    OWNED(ledger) *db = NULL;
    BUFFER witness = {0};
    struct policy policy;
    struct audit_report report;
    struct err err = {0};
    int code = read_policy(cli, &policy);
    if (!code)
        code = ledger_open(cli->settings.auditor_url, "AELP2_AUDITOR_URL", &db);
    if (!code)
        code = ask_witness(cli, &policy.key[0], &witness);
    if (code)
        return code;
    if (!audit_verify(db, &policy, buffer_view(&witness), &report, &err))
        return cli_fail(err.kind == ERR_RETRY ? EXIT_UNREACHABLE : EXIT_ERROR,
                        err.kind == ERR_REJECT ? "stop (aelpctl kill) and find out who did it"
                                               : NULL,
                        "%s%s", err.kind == ERR_REJECT ? "the log is NOT whole: " : "", err.text);
    print_report(cli, &report);
    return EXIT_DONE;
}

int run_audit_prove(struct cli *cli)
{
    OWNED(ledger) *db = NULL;
    BUFFER text = {0};
    char id[API_ID];
    struct uuid saga;
    struct err err = {0};
    int code = api_find(cli, cli->args[0], id);
    if (!code)
        code = ledger_open(cli->settings.auditor_url, "AELP2_AUDITOR_URL", &db);
    if (code)
        return code;
    if (!uuid_parse(id, &saga))
        return cli_fail(EXIT_USAGE, NULL, "'%s' is not an id", id);
    if (!audit_prove(db, &saga, &text, &err))
        return cli_fail(err.kind == ERR_REJECT ? EXIT_UNKNOWN : EXIT_UNREACHABLE,
                        err.kind == ERR_RETRY ? "try again in a second" : NULL, "%s", err.text);
    fwrite(text.data, 1, text.length, stdout);
    return EXIT_DONE;
}

/* A leaf is readable lines; those that tell the story are shown. */
static void print_story(const struct proof *proof)
{
    struct bytes rest = proof->extra, entry;
    while (bundle_next(&rest, &entry))
        printf("\n%.*s", (int)entry.length, (const char *)entry.data);
}

int run_audit_check(struct cli *cli)
{
    BUFFER text = {0};
    struct policy policy;
    struct proof proof = {0};
    struct checkpoint checkpoint;
    struct bytes last;
    struct err err = {0};
    size_t leaves = 0;
    int code = read_policy(cli, &policy);
    if (!code)
        code = read_file(cli->args[0], &text);
    if (code)
        return code;
    bool good = proof_parse(buffer_view(&text), &proof, &err)
        && proof_verify_chain(&proof, &policy, &checkpoint, &leaves, &last, &err);
    if (!good)
        code = cli_fail(EXIT_ERROR, "do not believe this file", "the proof does NOT hold: %s",
                        err.text);
    else if (cli->json)
        printf("{\"ok\":true,\"leaves\":%zu,\"index\":%" PRIu64 ",\"tree_size\":%" PRIu64 "}\n",
               leaves, proof.index, checkpoint.size);
    else {
        printf("the proof holds: %zu events of one proposal, the last is leaf %" PRIu64
               " of %" PRIu64 "\n",
               leaves, proof.index, checkpoint.size);
        print_story(&proof);
    }
    proof_done(&proof);
    return code;
}

int run_audit_root(struct cli *cli)
{
    BUFFER text = {0};
    char hex[2 * HASH_BYTES + 1];
    struct hash root;
    uint64_t leaves = 0;
    struct err err = {0};
    int code = read_file(cli->args[0], &text);
    if (code)
        return code;
    if (!verify_hex_root(buffer_view(&text), &root, &leaves, &err))
        return cli_fail(EXIT_USAGE, NULL, "%s: %s", cli->args[0], err.text);
    hex_encode(bytes_of(root.bytes, HASH_BYTES), hex);
    if (cli->json)
        printf("{\"root\":\"%s\",\"leaves\":%" PRIu64 "}\n", hex, leaves);
    else
        printf("%s\n", hex);
    return EXIT_DONE;
}
