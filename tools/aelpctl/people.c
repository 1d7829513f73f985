#include "people.h"

#include "aelpctl_core_sql.h"
#include "hash.h"
#include "ledger.h"
#include "table.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The admin's connection, and the first of what the next statement takes: the person that the
 * first argument names. */
static int open_for(struct cli *cli, struct db **ret_db, struct db_args *ret_args)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    int code = ledger_open(cli->settings.admin_url, "AELP2_ADMIN_URL", ret_db);
    if (code)
        return code;
    db_arg_text(&args, cli->args[0]);
    code = ledger_query(*ret_db, SQL_PEOPLE_FIND, &args, &rows);
    if (code)
        return code;
    if (PQntuples(rows) != 1)
        return cli_fail(PQntuples(rows) ? EXIT_USAGE : EXIT_UNKNOWN, "aelpctl people list",
                        PQntuples(rows) ? "several people are called '%s': give the id"
                                        : "there is no person '%s'",
                        cli->args[0]);
    struct uuid person = db_uuid(rows, 0, 0);
    db_arg_uuid(ret_args, &person);
    return EXIT_DONE;
}

static int change(struct db *db, const char *sql, const struct db_args *args, const char *said)
{
    OWNED(PGresult) *rows = NULL;
    int code = ledger_query(db, sql, args, &rows);
    if (!code)
        cli_say("%s", said);
    return code;
}

int run_people_list(struct cli *cli)
{
    OWNED(PGresult) *rows = NULL;
    int code = ledger_admin(cli, SQL_PEOPLE_LIST, NULL, &rows);
    if (!code)
        print_rows(cli, rows, "nobody yet");
    return code;
}

int run_people_add(struct cli *cli)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_text(&args, cli->args[0]);
    db_arg_text(&args, cli->flags.email);
    int code = ledger_admin(cli, SQL_PEOPLE_ADD, &args, &rows);
    if (!code)
        printf("%s\n", db_text(rows, 0, 0));
    return code;
}

/* Made here and shown once; only its hash is kept. */
int run_people_token(struct cli *cli)
{
    OWNED(ledger) *db = NULL;
    DB_ARGS args = {0};
    uint8_t draw[32];
    char token[8 + 2 * sizeof draw + 1] = "aelp2_";
    int64_t days = 90;
    if (cli->flags.days && !cli_number(cli->flags.days, 1, 366, &days))
        return cli_fail(EXIT_USAGE, NULL, "--days: 1 to 366");
    int code = open_for(cli, &db, &args);
    if (code)
        return code;
    random_bytes(draw, sizeof draw);
    hex_encode(bytes_of(draw, sizeof draw), token + strlen(token));
    struct hash hash = hash_sha256(bytes_of_text(token));
    db_arg_bytes(&args, hash_view(&hash));
    db_arg_text(&args, cli->flags.label ? cli->flags.label : "");
    db_arg_i32(&args, (int32_t)days);
    code = change(db, SQL_PEOPLE_TOKEN, &args, "shown once; keep it in a file of mode 0600");
    if (!code)
        printf("%s\n", token);
    return code;
}

static bool add_limit(struct db_args *args, const char *text, bool is_micros)
{
    int64_t number;
    if (!text)
        db_arg_null(args);
    else if (!cli_number(text, 0, is_micros ? INT64_MAX : INT32_MAX, &number))
        return false;
    else if (is_micros)
        db_arg_i64(args, number);
    else
        db_arg_i32(args, (int32_t)number);
    return true;
}

int run_people_role(struct cli *cli)
{
    OWNED(ledger) *db = NULL;
    DB_ARGS args = {0};
    int code = open_for(cli, &db, &args);
    if (code)
        return code;
    db_arg_text(&args, cli->args[1]);
    db_arg_text(&args, cli->flags.scope ? cli->flags.scope : "*");
    if (!add_limit(&args, cli->flags.day_max, true)
        || !add_limit(&args, cli->flags.hour_max, false))
        return cli_fail(EXIT_USAGE, NULL, "--day-max, --hour-max: whole numbers");
    db_arg_bool(&args, !cli->flags.take);
    return change(db, SQL_PEOPLE_ROLE, &args, cli->flags.take ? "taken" : "given");
}

int run_people_deactivate(struct cli *cli)
{
    OWNED(ledger) *db = NULL;
    DB_ARGS args = {0};
    int code = open_for(cli, &db, &args);
    if (code)
        return code;
    if (!cli_confirm(cli, "Deactivate this person and revoke all tokens?"))
        return cli_fail(EXIT_ERROR, NULL, "nothing was done");
    return change(db, SQL_PEOPLE_DEACTIVATE, &args, "deactivated; the tokens are revoked");
}

/* What can't be undone is never done for want of a question. */
static bool may_erase(const struct cli *cli, const char *question)
{
    return cli->flags.yes || (isatty(STDIN_FILENO) && cli_confirm(cli, question));
}

int run_people_erase(struct cli *cli)
{
    OWNED(ledger) *db = NULL;
    OWNED(PGresult) *any = NULL, *rows = NULL;
    DB_ARGS args = {0};
    int code = open_for(cli, &db, &args);
    if (code)
        return code;
    if (!may_erase(cli, "Erase this person for good?"))
        return cli_fail(EXIT_USAGE, "--yes", "erasing can't be undone; nothing was done");
    code = ledger_query(db, SQL_TAKE_TIME, NULL, &any);
    if (!code)
        code = ledger_query(db, SQL_PEOPLE_ERASE, &args, &rows);
    if (!code)
        cli_say(
            "erased: name, Slack links, tokens, roles and %s notes; what was posted in Slack and "
            "what is in backups is not reached from here",
            db_text(rows, 0, 0));
    return code;
}

int run_people_erase_note(struct cli *cli)
{
    DB_ARGS args = {0};
    struct uuid proposal;
    int64_t version;
    if (!uuid_parse(cli->args[0], &proposal) || !cli_number(cli->args[1], 0, INT32_MAX, &version))
        return cli_fail(EXIT_USAGE, "aelpctl proposals show ID",
                        "a proposal's whole id and a version of it, 0 for its own note");
    if (!may_erase(cli, "Erase this text for good?"))
        return cli_fail(EXIT_USAGE, "--yes", "erasing can't be undone; nothing was done");
    db_arg_uuid(&args, &proposal);
    db_arg_i32(&args, (int32_t)version);
    return ledger_admin_change(cli, SQL_PEOPLE_ERASE_NOTE, &args,
                               "erased; the ledger keeps its hash");
}

int run_people_link_slack(struct cli *cli)
{
    OWNED(ledger) *db = NULL;
    DB_ARGS args = {0};
    int code = open_for(cli, &db, &args);
    if (code)
        return code;
    db_arg_text(&args, cli->args[1]);
    db_arg_text(&args, cli->args[2]);
    return change(db, SQL_PEOPLE_LINK_SLACK, &args, "linked");
}

int run_people_unlink_slack(struct cli *cli)
{
    OWNED(ledger) *db = NULL;
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    int code = open_for(cli, &db, &args);
    if (!code)
        code = ledger_query(db, SQL_PEOPLE_UNLINK_SLACK, &args, &rows);
    if (code)
        return code;
    if (db_i32(rows, 0, 0) == 0)
        return cli_fail(EXIT_UNKNOWN, "aelpctl people list", "%s is not linked to Slack",
                        cli->args[0]);
    cli_say("unlinked: clicks in Slack are not theirs any more");
    return EXIT_DONE;
}

/* From stdin, so that it shows in no list of processes; one newline at its end is cut. */
int run_people_secret(struct cli *cli)
{
    DB_ARGS args = {0};
    char value[4096];
    size_t length = fread(value, 1, sizeof value, stdin);
    if (length == sizeof value)
        return cli_fail(EXIT_USAGE, NULL, "a secret has at most 4095 bytes");
    if (length > 0 && value[length - 1] == '\n')
        length--;
    if (length == 0)
        return cli_fail(EXIT_USAGE, NULL, "stdin holds no secret");
    db_arg_text(&args, cli->args[0]);
    db_arg_bytes(&args, bytes_of(value, length));
    return ledger_admin_change(cli, SQL_PEOPLE_SECRET, &args, "set");
}
