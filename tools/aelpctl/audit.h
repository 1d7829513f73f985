/* audit: proofs of what was decided and done. check and root need no network and no database. */
#pragma once

#include "cli.h"

int run_audit_verify(struct cli *cli);
int run_audit_prove(struct cli *cli);
int run_audit_check(struct cli *cli);
int run_audit_root(struct cli *cli);
