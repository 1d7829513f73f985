/* aelp-migrate: makes the fleet table true in Postgres and NATS, and brings the schema up to date.
 *
 * It runs before the fleet, never beside it, and only it may act as the schemas' owners. */
#include "command.h"
#include "migrate.h"

#include "config.h"
#include "mem.h"

static const struct command commands[] = {
    {"roles",  command_roles,  false, "SQL for the superuser: roles, schemas, passwords"},
    {"up",     command_up,     true,  "applies what is new, then renews all grants"     },
    {"status", command_status, true,
     "what is applied, pending, changed; fails unless all is applied"                   },
    {"nats",   command_nats,   false, "the authorization block of nats-server"          },
    {"fleet",  command_fleet,  false, "the fleet table as JSON"                         },
};

static const struct setting settings[] = {
    {.name = "DATABASE_URL",
     .type = SETTING_SECRET,
     .offset = offsetof(struct options, database_url),
     .help = "of the role aelp_migrate; or DATABASE_URL_FILE"},
};

int main(int argc, char **argv)
{
    /* Static, so that what config_load gave stays reachable to the process's end. */
    static struct options options = {
        .root = ".", .url_template = "postgresql://{role}:{password}@127.0.0.1:5432/aelp"};
    struct err err = {0};
    const struct command *command = NULL;

    bool ok = command_parse(commands, COUNT(commands), argc, argv, &options, &command, &err)
        && (!command->needs_database || config_load(settings, COUNT(settings), &options, &err))
        && command->run(&options, &err);
    return command_exit(ok, &err);
}
