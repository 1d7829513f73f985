#include "audit.h"

#include "api.h"
#include "audit_log.h"
#include "ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { file_bytes_max = 64 << 20 };

int audit_read_file(const char *path, struct buffer *text)
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

int audit_read_policy(const struct cli *cli, struct policy *policy)
{
    struct err err = {0};
    struct note_key log, witness;
    if (cli->flags.policy) {
        BUFFER text = {0};
        int code = audit_read_file(cli->flags.policy, &text);
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

int run_audit_root(struct cli *cli)
{
    BUFFER text = {0};
    char hex[2 * HASH_BYTES + 1];
    struct hash root;
    uint64_t leaves = 0;
    struct err err = {0};
    int code = audit_read_file(cli->args[0], &text);
    if (code)
        return code;
    if (!verify_hex_root(buffer_view(&text), &root, &leaves, &err))
        return cli_fail(EXIT_USAGE, NULL, "%s: %s", cli->args[0], err.text);
    hex_encode(hash_view(&root), hex);
    if (cli->json)
        printf("{\"root\":\"%s\",\"leaves\":%" PRIu64 "}\n", hex, leaves);
    else
        printf("%s\n", hex);
    return EXIT_DONE;
}
