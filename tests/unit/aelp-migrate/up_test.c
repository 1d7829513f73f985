/* roles and up against a real server, on a small tree of their own: what is repeated changes
 * nothing, what was tampered with is refused, what fails leaves nothing behind. */
#include "migrate.h"

#include "db/scratch.h"
#include "fleet.h"
#include "mem.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static struct options options;
static struct err err;
static char root[64], secrets[64], url_template[160];
static PGconn *superuser;

static void must(bool ok)
{
    if (!ok)
        fail_msg("%s", err.text);
}

static void put(const char *path, const char *text)
{
    char full[256];
    snprintf(full, sizeof full, "mkdir -p %s/$(dirname %s)", root, path);
    assert_int_equal(system(full), 0);
    snprintf(full, sizeof full, "%s/%s", root, path);
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void discard(const char *path)
{
    char full[256];
    snprintf(full, sizeof full, "%s/%s", root, path);
    assert_int_equal(unlink(full), 0);
}

/* The first value as text; "" for none. */
static const char *ask(const char *sql)
{
    static char answer[16384];
    PGresult *result = PQexec(superuser, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        fail_msg("%s", PQerrorMessage(superuser));
    snprintf(answer, sizeof answer, "%s", PQntuples(result) ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return answer;
}

/* Runs a command with its stdout or stderr in a file, and reads the file. */
static char *captured(int stream, bool (*command)(const struct options *, struct err *), bool *ok)
{
    char path[128];
    snprintf(path, sizeof path, "%s/captured", root);
    fflush(NULL);
    int former = dup(stream), file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    dup2(file, stream);
    *ok = command(&options, &err);
    fflush(NULL);
    dup2(former, stream);
    close(former);
    char *text = mem_array(1 << 16, 1);
    assert_true(pread(file, text, (1 << 16) - 1, 0) >= 0);
    close(file);
    return text;
}

static char *roles_sql(void)
{
    bool ok;
    char *sql = captured(STDOUT_FILENO, command_roles, &ok);
    must(ok);
    return sql;
}

/* Returns whether it worked; what it said is in said. */
static char said[1 << 16];
static bool up(void)
{
    bool ok;
    char *text = captured(STDERR_FILENO, command_up, &ok);
    snprintf(said, sizeof said, "%s", text);
    mem_free(text);
    return ok;
}

static const char *migrate_url(void)
{
    static char url[256];
    char path[128];
    snprintf(path, sizeof path, "%s/migrate.database_url", secrets);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(url, sizeof url, file));
    fclose(file);
    url[strcspn(url, "\n")] = '\0';
    return url;
}

static const char *fresh_url(void)
{
    static char url[160];
    snprintf(url, sizeof url, "host=%s user=postgres dbname=fresh", scratch_folder);
    return url;
}

static int new_database(void **state)
{
    (void)state;
    char command[192];
    snprintf(command, sizeof command, "rm -rf %s && mkdir -p %s", root, root);
    if (system(command) != 0)
        return -1;
    PGconn *conn = PQconnectdb(scratch_url);
    PQclear(PQexec(conn, "DROP DATABASE IF EXISTS fresh WITH (FORCE)"));
    PQclear(PQexec(conn, "CREATE DATABASE fresh"));
    PQfinish(conn);
    superuser = PQconnectdb(fresh_url());

    put("libcommon/db/migrations/0001_migration.sql",
        "CREATE TABLE db.migration (schema text, file text, sha256 bytea, applied_at timestamptz "
        "DEFAULT clock_timestamp(), PRIMARY KEY (schema, file))");
    put("libcommon/bus/migrations/0001_bus.sql",
        "CREATE TABLE bus.may_emit (role name, subject text); CREATE TABLE bus.outbox (n int);");
    char *sql = roles_sql();
    ask(sql);
    mem_free(sql);
    options.database_url = migrate_url();
    return 0;
}

static int end_database(void **state)
{
    (void)state;
    PQfinish(superuser);
    return 0;
}

/* Everything a repeated run could have changed. */
static const char *rights(void)
{
    return ask(
        "SELECT md5(string_agg(t, ',' ORDER BY t)) FROM ("
        "SELECT (rolname, rolpassword, rolcanlogin, rolinherit, rolsuper)::text t FROM pg_authid "
        "UNION ALL SELECT (datname, datacl)::text FROM pg_database "
        "UNION ALL SELECT (nspname, nspowner, nspacl)::text FROM pg_namespace WHERE nspname !~ "
        "'^pg_t' "
        "UNION ALL SELECT (oid, relacl, relowner)::text FROM pg_class WHERE relnamespace <> "
        "'pg_toast'::regnamespace "
        "UNION ALL SELECT (oid, proacl)::text FROM pg_proc "
        "UNION ALL SELECT (defaclrole, defaclacl)::text FROM pg_default_acl "
        "UNION ALL SELECT s::text FROM pg_db_role_setting s "
        "UNION ALL SELECT m::text FROM pg_auth_members m) x");
}

static void roles_repeated_change_nothing(void **state)
{
    (void)state;
    char before[64];
    char *sql = roles_sql();
    snprintf(before, sizeof before, "%s", rights());
    ask(sql);
    assert_string_equal(rights(), before);
    char *again = roles_sql();
    assert_string_equal(again, sql);
    mem_free(again);
    mem_free(sql);
}

static void what_a_login_changed_of_itself_comes_back(void **state)
{
    (void)state;
    char before[64];
    snprintf(before, sizeof before, "%s", rights());
    PGconn *conn = PQconnectdb(migrate_url());
    PGresult *result =
        PQexec(conn,
               "ALTER ROLE CURRENT_USER PASSWORD 'another'; ALTER ROLE CURRENT_USER SET "
               "search_path = public; ALTER ROLE CURRENT_USER SET enable_seqscan = off;"
               "ALTER ROLE CURRENT_USER IN DATABASE fresh SET statement_timeout = 0");
    assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
    PQclear(result);
    PQfinish(conn);
    assert_string_not_equal(rights(), before);
    char *sql = roles_sql();
    ask(sql);
    mem_free(sql);
    assert_string_equal(rights(), before);
}

static void a_login_works_with_its_secret_alone(void **state)
{
    (void)state;
    PGconn *conn = PQconnectdb(migrate_url());
    assert_int_equal(PQstatus(conn), CONNECTION_OK);
    PQfinish(conn);
    char url[320];
    snprintf(url, sizeof url, "host=%s dbname=fresh user=aelp_migrate password=wrong",
             scratch_folder);
    conn = PQconnectdb(url);
    assert_int_equal(PQstatus(conn), CONNECTION_BAD);
    PQfinish(conn);
}

static void secrets_are_readable_by_their_owner_alone(void **state)
{
    (void)state;
    char path[128];
    struct stat about;
    snprintf(path, sizeof path, "%s/migrate.database_url", secrets);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    chmod(path, 0640);
    bool ok;
    mem_free(captured(STDOUT_FILENO, command_roles, &ok));
    assert_false(ok);
    assert_non_null(strstr(err.text, "chmod 600"));
    chmod(path, 0600);
}

static void a_template_without_its_marks_is_refused(void **state)
{
    (void)state;
    bool ok;
    options.url_template = "postgresql://{role}@/fresh";
    mem_free(captured(STDOUT_FILENO, command_roles, &ok));
    options.url_template = url_template;
    assert_false(ok);
    assert_int_equal(err.kind, ERR_REJECT);
}

static void no_password_stands_in_the_sql(void **state)
{
    (void)state;
    char password[65] = "";
    const char *url = migrate_url();
    assert_int_equal(sscanf(url, "postgresql://aelp_migrate:%64[0-9a-f]@", password), 1);
    assert_int_equal(strlen(password), 64);
    char *sql = roles_sql();
    assert_null(strstr(sql, password));
    mem_free(sql);
}

static void logins_may_create_nothing_and_are_members_of_nothing(void **state)
{
    (void)state;
    must((options.partial = true) && up());
    assert_string_equal(
        ask("SELECT count(*) FROM pg_roles r WHERE rolcanlogin AND rolname LIKE 'aelp\\_%' AND ("
            "rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication OR "
            "rolinherit OR has_database_privilege(r.oid, current_database(), 'TEMP, CREATE') OR "
            "EXISTS (SELECT FROM pg_namespace n WHERE has_schema_privilege(r.oid, n.oid, 'CREATE')"
            " AND r.rolname <> 'aelp_migrate'))"),
        "0");
    assert_string_equal(ask("SELECT count(*) FROM pg_auth_members WHERE member IN (SELECT oid FROM "
                            "pg_roles WHERE rolname LIKE 'aelp\\_%' AND rolname <> "
                            "'aelp_migrate')"),
                        "0");
    assert_string_equal(ask("SELECT count(*) FROM pg_shdepend d JOIN pg_roles r ON r.oid = "
                            "d.refobjid WHERE d.deptype = 'o' AND r.rolname LIKE 'aelp\\_%'"),
                        "0");
}

static void up_repeated_applies_nothing(void **state)
{
    (void)state;
    options.partial = true;
    must(up());
    assert_non_null(strstr(said, "bus: migrations/0001_bus.sql"));
    char before[64];
    snprintf(before, sizeof before, "%s", rights());
    must(up());
    assert_non_null(strstr(said, "0 files applied"));
    assert_string_equal(rights(), before);
}

static void a_changed_missing_or_overtaken_migration_is_refused(void **state)
{
    (void)state;
    options.partial = true;
    put("libcommon/bus/migrations/0003_more.sql", "CREATE TABLE bus.more (n int)");
    must(up());
    put("libcommon/bus/migrations/0003_more.sql", "CREATE TABLE bus.more (n bigint)");
    assert_false(up());
    assert_non_null(strstr(err.text, "0003_more.sql: was applied and has been changed"));
    discard("libcommon/bus/migrations/0003_more.sql");
    assert_false(up());
    assert_non_null(strstr(err.text, "0003_more.sql was applied and is missing"));
    put("libcommon/bus/migrations/0003_more.sql", "CREATE TABLE bus.more (n int)");
    put("libcommon/bus/migrations/0002_late.sql", "CREATE TABLE bus.late (n int)");
    assert_false(up());
    assert_non_null(strstr(err.text, "0002_late.sql: is new, but migrations/0003_more.sql"));
    assert_string_equal(ask("SELECT to_regclass('bus.late') IS NULL"), "t");
}

static void a_failing_migration_leaves_nothing_and_says_where(void **state)
{
    (void)state;
    options.partial = true;
    must(up());
    put("libcommon/bus/migrations/0002_bad.sql",
        "CREATE TABLE bus.half (n int);\n-- häßlich\nSELECT nonsense FROM bus.half;\n");
    assert_false(up());
    assert_non_null(strstr(err.text, "0002_bad.sql:3:8: column \"nonsense\" does not exist"));
    assert_string_equal(ask("SELECT to_regclass('bus.half') IS NULL"), "t");
    assert_string_equal(ask("SELECT count(*) FROM db.migration WHERE file LIKE '%bad%'"), "0");
    put("libcommon/bus/migrations/0002_bad.sql", "CREATE TABLE bus.half (n int)");
    must(up());
}

static void a_file_that_commits_is_refused(void **state)
{
    (void)state;
    options.partial = true;
    put("libcommon/bus/migrations/0002_commits.sql", "COMMIT; BEGIN; SELECT 1");
    assert_false(up());
    assert_non_null(strstr(err.text, "0002_commits.sql: ends the transaction"));
    assert_string_equal(ask("SELECT count(*) FROM db.migration WHERE file LIKE '%commits%'"), "0");
}

static void a_function_is_applied_again_when_it_changed(void **state)
{
    (void)state;
    static const char one[] = "CREATE OR REPLACE FUNCTION bus.n() RETURNS int LANGUAGE sql SET "
                              "search_path = pg_catalog, pg_temp AS 'SELECT 1'";
    options.partial = true;
    put("libcommon/bus/functions/n.sql", one);
    must(up());
    assert_string_equal(ask("SELECT bus.n()"), "1");
    must(up());
    assert_null(strstr(said, "functions/n.sql"));
    char two[sizeof one];
    memcpy(two, one, sizeof one);
    *strchr(two, '1') = '2';
    put("libcommon/bus/functions/n.sql", two);
    must(up());
    assert_string_equal(ask("SELECT bus.n()"), "2");
    assert_string_equal(ask("SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE oid = "
                            "'bus.n'::regproc"),
                        "bus_owner");
    assert_string_equal(ask("SELECT has_function_privilege('aelp_gateway', 'bus.n()', 'EXECUTE')"),
                        "f");
}

/* What the functions and views of schema bus are, by name and arguments. */
static const char *code_of_bus(void)
{
    return ask(
        "SELECT string_agg(t, ' ' ORDER BY t) FROM ("
        "SELECT oid::regprocedure::text t FROM pg_proc WHERE pronamespace = 'bus'::regnamespace "
        "UNION ALL SELECT oid::regclass::text FROM pg_class WHERE relkind = 'v' "
        "AND relnamespace = 'bus'::regnamespace) x");
}

static void code_that_no_file_says_any_more_is_gone(void **state)
{
    (void)state;
    options.partial = true;
    put("libcommon/bus/functions/1_old.sql",
        "CREATE FUNCTION bus.old() RETURNS int LANGUAGE sql AS 'SELECT 1'");
    put("libcommon/bus/functions/2_seen.sql",
        "CREATE VIEW bus.seen AS SELECT n, bus.old() AS old FROM bus.outbox;"
        "CREATE FUNCTION bus.n(a int) RETURNS SETOF bus.seen LANGUAGE sql AS 'TABLE bus.seen'");
    must(up());
    assert_string_equal(code_of_bus(), "bus.n(integer) bus.old() bus.seen");

    discard("libcommon/bus/functions/1_old.sql");
    put("libcommon/bus/functions/2_seen.sql",
        "CREATE VIEW bus.seen AS SELECT 'n' AS n;"
        "CREATE FUNCTION bus.n(b text) RETURNS text LANGUAGE sql AS 'SELECT b'");
    bool ok;
    mem_free(captured(STDOUT_FILENO, command_status, &ok));
    assert_false(ok);
    must(up());
    assert_string_equal(code_of_bus(), "bus.n(text) bus.seen");
    mem_free(captured(STDOUT_FILENO, command_status, &ok));
    must(ok);

    discard("libcommon/bus/functions/2_seen.sql");
    must(up());
    assert_string_equal(code_of_bus(), "");
}

static void what_fails_at_the_end_takes_everything_back(void **state)
{
    (void)state;
    options.partial = true;
    put("libcommon/bus/functions/n.sql",
        "CREATE FUNCTION bus.n() RETURNS int LANGUAGE sql AS 'SELECT 1'");
    must(up());
    put("libcommon/bus/migrations/0002_more.sql", "CREATE TABLE bus.more (n int)");
    put("libcommon/bus/functions/n.sql", "CREATE FUNCTION bus.n(int) RETURNS nonsense");
    assert_false(up());
    assert_string_equal(code_of_bus(), "bus.n()");
    assert_string_equal(ask("SELECT to_regclass('bus.more') IS NULL"), "t");
    assert_string_equal(ask("SELECT count(*) FROM db.migration WHERE file ~ '0002_more|/n.sql'"),
                        "1");
}

static void a_lock_in_the_way_is_waited_for(void **state)
{
    (void)state;
    options.partial = true;
    must(up());
    PGconn *holder = PQconnectdb(fresh_url());
    PQclear(PQexec(holder,
                   "SET idle_in_transaction_session_timeout = '5s'; BEGIN;"
                   "LOCK TABLE bus.outbox IN ACCESS SHARE MODE"));
    put("libcommon/bus/migrations/0002_wide.sql", "ALTER TABLE bus.outbox ADD COLUMN m int");
    must(up());
    assert_non_null(strstr(said, "lock timeout [55P03]; again in a moment"));
    PQfinish(holder);
}

static void a_grant_that_is_not_in_the_rows_is_taken_back(void **state)
{
    (void)state;
    options.partial = true;
    must(up());
    ask("DROP ROLE IF EXISTS stranger; CREATE ROLE stranger;"
        "GRANT ALL ON bus.outbox TO aelp_gateway WITH GRANT OPTION;"
        "GRANT UPDATE (n) ON bus.outbox TO PUBLIC, stranger;"
        "SET ROLE aelp_gateway; GRANT SELECT ON bus.outbox TO stranger; RESET ROLE");
    must(up());
    assert_string_equal(ask("SELECT has_any_column_privilege('stranger', 'bus.outbox', 'SELECT, "
                            "UPDATE')"),
                        "f");
    assert_string_equal(ask("SELECT has_table_privilege('aelp_gateway', 'bus.outbox', 'INSERT') OR "
                            "has_any_column_privilege('aelp_gateway', 'bus.outbox', 'UPDATE')"),
                        "f");
    assert_string_equal(ask("SELECT has_schema_privilege('aelp_outbox_relay', 'bus', 'USAGE')"),
                        "t");
}

static void a_grant_on_nothing_is_an_error_unless_partial(void **state)
{
    (void)state;
    options.partial = false;
    assert_false(up());
    assert_non_null(strstr(said, "no such object: GRANT EXECUTE ON FUNCTION"));
    assert_non_null(strstr(err.text, "name objects that don't exist"));
    options.partial = true;
    must(up());
}

#define ON_FRESH(name) cmocka_unit_test_setup_teardown(name, new_database, end_database)

int main(void)
{
    scratch_start();
    snprintf(root, sizeof root, "%s/tree", scratch_folder);
    snprintf(secrets, sizeof secrets, "%s/secrets", scratch_folder);
    snprintf(url_template, sizeof url_template, "postgresql://{role}:{password}@/fresh?host=%s",
             scratch_folder);
    options = (struct options){.root = root, .secrets = secrets, .url_template = url_template};
    if (mkdir(secrets, 0700) != 0)
        return 1;
    const struct CMUnitTest tests[] = {
        ON_FRESH(roles_repeated_change_nothing),
        ON_FRESH(what_a_login_changed_of_itself_comes_back),
        ON_FRESH(a_login_works_with_its_secret_alone),
        ON_FRESH(secrets_are_readable_by_their_owner_alone),
        ON_FRESH(a_template_without_its_marks_is_refused),
        ON_FRESH(no_password_stands_in_the_sql),
        ON_FRESH(logins_may_create_nothing_and_are_members_of_nothing),
        ON_FRESH(up_repeated_applies_nothing),
        ON_FRESH(a_changed_missing_or_overtaken_migration_is_refused),
        ON_FRESH(a_failing_migration_leaves_nothing_and_says_where),
        ON_FRESH(a_file_that_commits_is_refused),
        ON_FRESH(a_function_is_applied_again_when_it_changed),
        ON_FRESH(code_that_no_file_says_any_more_is_gone),
        ON_FRESH(what_fails_at_the_end_takes_everything_back),
        ON_FRESH(a_lock_in_the_way_is_waited_for),
        ON_FRESH(a_grant_that_is_not_in_the_rows_is_taken_back),
        ON_FRESH(a_grant_on_nothing_is_an_error_unless_partial),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    scratch_stop();
    return failed;
}
