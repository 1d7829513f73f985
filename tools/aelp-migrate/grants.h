/* grants: what each role may do, made wholly from the fleet's rows. */
#pragma once

#include "db.h"

/* Both inside the caller's transaction. */

/* Before a schema's files run: gives its owner what it needs of the objects that exist already. */
bool grants_prepare(PGconn *conn, const char *owner, struct err *err) MUST_CHECK;
/* Revokes everything from everyone but the owners, grants what the rows say, and replaces
 * bus.may_emit. A grant on an object that doesn't exist is reported on stderr; it is an error
 * unless partial. */
bool grants_renew(PGconn *conn, bool partial, struct err *err) MUST_CHECK;
