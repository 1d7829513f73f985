/* audit: proofs of what was decided and done. check and root need no network and no database. */
#pragma once

#include "bytes.h"
#include "cli.h"
#include "policy.h"

int run_audit_verify(struct cli *cli);
int run_audit_prove(struct cli *cli);
int run_audit_check(struct cli *cli);
int run_audit_root(struct cli *cli);
int run_audit_export(struct cli *cli);

/* "-" is stdin. EXIT_DONE, or it was said. */
int audit_read_file(const char *path, struct buffer *text);
/* Whose signatures count: the policy file's, or the log's and the witness's keys of the settings.
 */
int audit_read_policy(const struct cli *cli, struct policy *policy);
