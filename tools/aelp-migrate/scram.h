/* scram: the verifier Postgres keeps in place of a password (RFC 5802, SCRAM-SHA-256).
 *
 * The salt is derived from role and password, so that the same password makes the same verifier
 * and `aelp-migrate roles` changes nothing when repeated. Our passwords are 32 random bytes: a
 * dictionary is hopeless with or without a random salt. */
#pragma once

#include "bytes.h"

/* "SCRAM-SHA-256$4096:salt$stored:server". The password is printable ASCII, where SASLprep has
 * nothing to do. */
void scram_verifier(const char *role, const char *password, struct buffer *ret_verifier);
