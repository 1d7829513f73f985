/* migrate: the subcommands and their common options. */
#pragma once

#include "err.h"

struct options {
    const char *root;         /* of the source tree, where the SQL files lie */
    const char *secrets;      /* folder of the secret files */
    const char *url_template; /* with {role} and {password} */
    bool partial;             /* grants on objects that don't exist are skipped, not an error */
    const char *database_url; /* of aelp_migrate; from the environment, only where it is needed */
};

bool command_roles(const struct options *options, struct err *err) MUST_CHECK;
bool command_up(const struct options *options, struct err *err) MUST_CHECK;
bool command_status(const struct options *options, struct err *err) MUST_CHECK;
bool command_nats(const struct options *options, struct err *err) MUST_CHECK;
bool command_fleet(const struct options *options, struct err *err) MUST_CHECK;
