#include "grants.h"

#include "fleet.h"
#include "mem.h"
#include "output.h"
#include "schemas.h"
#include "session.h"

#include "aelp-migrate_core_sql.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* The schema a grant speaks of: "USAGE ON SCHEMA bus", "EXECUTE ON FUNCTION saga.advance",
 * "SELECT, DELETE ON bus.outbox". */
static bool schema_of(const char *grant, char schema[static ROLE_NAME], struct err *err)
{
    const char *object = strstr(grant, " ON ");
    if (!object)
        return err_set(err, ERR_FATAL, "fleet: the grant '%s' has no ON", grant);
    object += strlen(" ON ");
    if (isupper((unsigned char)*object)) /* SCHEMA, FUNCTION, SEQUENCE */
        object += strcspn(object, " ");
    object += strspn(object, " ");
    size_t length = strspn(object, "abcdefghijklmnopqrstuvwxyz_");
    if (length == 0 || length + sizeof "_owner" > ROLE_NAME)
        return err_set(err, ERR_FATAL, "fleet: the grant '%s' names no schema", grant);
    snprintf(schema, ROLE_NAME, "%.*s", (int)length, object);
    return true;
}

/* No such table, function, schema or column. */
static bool is_missing(const struct err *err)
{
    static const char *const states[] = {"[42P01]", "[42883]", "[3F000]", "[42703]"};
    for (size_t i = 0; i < COUNT(states); i++)
        if (strstr(err->text, states[i]))
            return true;
    return false;
}

/* As the owner of the object; inside a transaction, which survives a missing object. */
static bool give(PGconn *conn, const char *grant, const char *role, bool *ret_missing,
                 struct err *err)
{
    char schema[ROLE_NAME], owner[ROLE_NAME];
    if (!schema_of(grant, schema, err))
        return false;
    schemas_owner(schema, owner);
    BUFFER sql = {0};
    buffer_format(&sql, "SAVEPOINT give; SET LOCAL ROLE %s; GRANT %s TO %s; RELEASE give", owner,
                  grant, role);
    *ret_missing = false;
    if (session_query(conn, (const char *)sql.data, NULL, err))
        return true;
    if (!is_missing(err))
        return err_context(err, "GRANT %s TO %s", grant, role);
    *ret_missing = true;
    return session_query(conn, "ROLLBACK TO give; RELEASE give", NULL, err);
}

/* missing_count may be NULL: then what is missing is passed over in silence. */
static bool give_all(PGconn *conn, const char *const grants[], size_t grants_max, const char *role,
                     int *missing_count, struct err *err)
{
    for (size_t i = 0; i < grants_max && grants[i]; i++) {
        bool missing = false;
        if (!give(conn, grants[i], role, &missing, err))
            return false;
        if (missing && missing_count) {
            fprintf(stderr, "  no such object: GRANT %s TO %s\n", grants[i], role);
            ++*missing_count;
        }
    }
    return true;
}

bool grants_prepare(PGconn *conn, const char *owner, struct err *err)
{
    for (size_t i = 0; i < fleet_owner_count; i++)
        if (strcmp(fleet_owners[i].role, owner) == 0
            && !give_all(conn, fleet_owners[i].grants, COUNT(fleet_owners[i].grants), owner, NULL,
                         err))
            return false;
    return true;
}

static bool give_to_everybody(PGconn *conn, bool partial, struct err *err)
{
    int missing_count = 0;
    bool ok = true;
    for (size_t i = 0; ok && i < fleet_owner_count; i++)
        ok = give_all(conn, fleet_owners[i].grants, COUNT(fleet_owners[i].grants),
                      fleet_owners[i].role, &missing_count, err);
    for (size_t i = 0; ok && i < fleet_member_count; i++)
        if (fleet_members[i].role)
            ok = give_all(conn, fleet_members[i].grants, COUNT(fleet_members[i].grants),
                          fleet_members[i].role, &missing_count, err);
    if (ok && missing_count > 0 && !partial)
        return err_set(err, ERR_FATAL,
                       "%d grants of the fleet's rows name objects that don't exist",
                       missing_count);
    return ok;
}

/* Which role may put which subject into the outbox. */
static bool replace_emits(PGconn *conn, struct err *err)
{
    BUFFER sql = {0};
    buffer_add_text(&sql, "SET LOCAL ROLE bus_owner; DELETE FROM bus.may_emit");
    for (size_t i = 0; i < fleet_member_count; i++)
        for (size_t k = 0; k < FLEET_SAYS_MAX && fleet_members[i].emits[k]; k++)
            buffer_format(&sql, "; INSERT INTO bus.may_emit (role, subject) VALUES ('%s', '%s')",
                          fleet_members[i].role, fleet_members[i].emits[k]);
    return session_query(conn, (const char *)sql.data, NULL, err);
}

bool grants_renew(PGconn *conn, bool partial, struct err *err)
{
    return session_query(conn, SQL_REVOKE_ALL, NULL, err) && give_to_everybody(conn, partial, err)
        && replace_emits(conn, err);
}
