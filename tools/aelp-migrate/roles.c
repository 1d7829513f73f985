/* roles: SQL for the cluster's superuser, over the local socket, once before `up`.
 *
 * Owners own and can't log in; logins own nothing, may create nothing and are members of nothing;
 * aelp_migrate alone may act as the owners, and only by saying so (SET ROLE). The plain passwords
 * never appear in the SQL. One transaction; repeating it changes nothing, but for what a login
 * changed of itself: its password and settings, which Postgres lets everybody do. */
#include "migrate.h"

#include "fleet.h"
#include "output.h"
#include "schemas.h"
#include "scram.h"
#include "secret.h"

#include "aelp-migrate_core_sql.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

static const char migrate_role[] = "aelp_migrate";

/* The password in a url that we wrote earlier. */
static bool password_of(const char *url, char password[static SECRET_PASSWORD])
{
    PQconninfoOption *parsed = PQconninfoParse(url, NULL);
    bool found = false;
    for (PQconninfoOption *at = parsed; at && at->keyword; at++)
        if (strcmp(at->keyword, "password") == 0 && at->val) {
            int length = snprintf(password, SECRET_PASSWORD, "%s", at->val);
            found = length > 0 && length < SECRET_PASSWORD;
        }
    PQconninfoFree(parsed);
    return found;
}

static const char role_mark[] = "{role}", password_mark[] = "{password}";

static void fill_template(const char *pattern, const char *role, const char *password,
                          struct buffer *url)
{
    while (*pattern) {
        if (strncmp(pattern, role_mark, strlen(role_mark)) == 0) {
            buffer_add_text(url, role);
            pattern += strlen(role_mark);
        } else if (strncmp(pattern, password_mark, strlen(password_mark)) == 0) {
            buffer_add_text(url, password);
            pattern += strlen(password_mark);
        } else {
            buffer_add(url, pattern++, 1);
        }
    }
}

/* Keeps the password that stands in <name>.database_url, or makes one; the url follows the
 * template. */
static bool settle_password(const struct options *options, const char *name, const char *role,
                            char password[static SECRET_PASSWORD], struct err *err)
{
    char file[ROLE_NAME + 16];
    snprintf(file, sizeof file, "%s.database_url", name);
    BUFFER former = {0}, url = {0};
    bool found = false;
    if (!secret_read(options->secrets, file, &former, &found, err))
        return false;
    if (!found)
        secret_new_password(password);
    else if (!password_of((const char *)former.data, password))
        return err_set(err, ERR_FATAL, "%s/%s: has no password of ours", options->secrets, file);

    fill_template(options->url_template, role, password, &url);
    return bytes_equal(buffer_view(&former), buffer_view(&url))
        || secret_write(options->secrets, file, buffer_view(&url), err);
}

static void add_create_role(struct buffer *sql, const char *role)
{
    buffer_format(sql,
                  "DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%s') THEN "
                  "CREATE ROLE %s; END IF; END$$;\n",
                  role, role);
}

static bool add_login(const struct options *options, const char *name, const char *role,
                      struct buffer *sql, struct err *err)
{
    char password[SECRET_PASSWORD];
    if (!settle_password(options, name, role, password, err))
        return false;
    BUFFER verifier = {0};
    scram_verifier(role, password, &verifier);
    explicit_bzero(password, sizeof password);

    add_create_role(sql, role);
    buffer_format(sql,
                  "ALTER ROLE %s LOGIN NOINHERIT NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION "
                  "NOBYPASSRLS PASSWORD '%s';\n"
                  "INSERT INTO login VALUES ('%s');\n",
                  role, (const char *)verifier.data, role);
    return true;
}

static void add_owner(struct buffer *sql, const char *schema)
{
    char owner[ROLE_NAME];
    schemas_owner(schema, owner);
    add_create_role(sql, owner);
    buffer_format(sql,
                  "ALTER ROLE %s NOLOGIN NOINHERIT NOSUPERUSER NOCREATEROLE NOCREATEDB "
                  "NOREPLICATION NOBYPASSRLS;\n"
                  "ALTER DEFAULT PRIVILEGES FOR ROLE %s REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;\n"
                  "CREATE SCHEMA IF NOT EXISTS %s AUTHORIZATION %s;\n"
                  "ALTER SCHEMA %s OWNER TO %s;\n"
                  "INSERT INTO owner VALUES ('%s');\n",
                  owner, owner, schema, owner, schema, owner, owner);
}

bool command_roles(const struct options *options, struct err *err)
{
    if (!options->secrets)
        return err_set(err, ERR_REJECT, "roles: --secrets DIR is needed");
    if (!strstr(options->url_template, role_mark) || !strstr(options->url_template, password_mark))
        return err_set(err, ERR_REJECT, "roles: --url-template needs %s and %s", role_mark,
                       password_mark);
    BUFFER sql = {0};
    buffer_add_text(&sql, SQL_ROLES_BEGIN);
    struct schema schemas[SCHEMAS_MAX];
    size_t schema_count = schemas_list(schemas);
    for (size_t i = 0; i < schema_count; i++)
        add_owner(&sql, schemas[i].name);

    if (!add_login(options, "migrate", migrate_role, &sql, err))
        return false;
    for (size_t i = 0; i < fleet_member_count; i++) {
        const struct fleet_member *member = &fleet_members[i];
        if (member->role && !add_login(options, member->name, member->role, &sql, err))
            return err_context(err, "%s", member->name);
    }
    buffer_add_text(&sql, SQL_ROLES_END);
    return output_write(buffer_view(&sql), err);
}
