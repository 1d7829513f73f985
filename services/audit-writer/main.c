/* audit-writer: orders the ledger's leaves into the Merkle tree and has it signed. */
#include "handlers.h"
#include "writer.h"

#define FIELD(field) offsetof(struct writer_config, field)

static const struct setting settings[] = {
    {"AUDIT_DIR",       SETTING_TEXT, FIELD(folder),       NULL,          0,  0,
     "the log's key and the last tree it signed; outside Postgres and its backups"                               },
    {"AUDIT_ORIGIN",    SETTING_TEXT, FIELD(origin),       "aelp2/audit", 0,  0,
     "the log's name in checkpoints"                                                                             },
    {"WITNESS_URL",     SETTING_TEXT, FIELD(witness_url),  "",            0,  0,     "where aelp-witness listens"},
    {"WITNESS_VKEY",    SETTING_TEXT, FIELD(witness_vkey), "",            0,  0,     "its verifier key"          },
    {"AUDIT_KEEP_DAYS", SETTING_INT,  FIELD(keep_days),    "2557",        30, 36500,
     "older bodies of leaves may be removed: 7 years"                                                            },
};

static const struct query queries[] = {
    {"query.audit.proof", on_proof},
};

int main(int argc, char **argv)
{
    static struct writer writer = {
        .lease = {.name = "audit-writer", .ttl_ms = 2000}
    };
    struct service service = {
        .name = "audit-writer",
        .settings = settings,
        .setting_count = COUNT(settings),
        .config = &writer.config,
        .queries = queries,
        .query_count = COUNT(queries),
        .run = writer_run,
        .leave = writer_leave,
        .runner_poll_ms = WRITER_POLL_MS,
        .state = &writer,
    };
    return service_main(&service, argc, argv);
}
