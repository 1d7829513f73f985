/* nats: the users of nats-server and what each may say and hear (reference: the fleet's rows).
 *
 * What isn't allowed here is denied. A service pulls from its own durables and acks only what they
 * delivered; streams and consumers are made by outbox-relay alone. */
#include "migrate.h"

#include "fleet.h"
#include "mem.h"
#include "output.h"
#include "schemas.h"
#include "secret.h"

#include <stdio.h>
#include <string.h>

/* Makes the streams and durables of the fleet's rows; it can neither delete a stream nor purge. */
static const char stream_keeper[] = "outbox-relay";

static const char *const keeper_subjects[] = {
    "$JS.API.STREAM.CREATE.*", "$JS.API.STREAM.UPDATE.*",           "$JS.API.STREAM.INFO.*",
    "$JS.API.CONSUMER.INFO.>", "$JS.API.CONSUMER.DURABLE.CREATE.>",
};

/* Asks who is there and what they know, and hears nothing else: `nats micro ls`, aelpctl, tests. */
static const char monitor[] = "monitor";

static void add_subject(struct buffer *conf, const char *subject)
{
    buffer_format(conf, "          \"%s\",\n", subject);
}

static bool add_durables(struct buffer *conf, const struct fleet_member *member, struct err *err)
{
    for (size_t i = 0; i < FLEET_HEARS_MAX && member->hears[i]; i++) {
        const struct fleet_stream *stream = fleet_stream_of(member->hears[i]);
        if (!stream)
            return err_set(err, ERR_FATAL, "fleet: no stream has what %s hears: %s", member->name,
                           member->hears[i]);
        char durable[FLEET_DURABLE];
        fleet_durable(member->name, member->hears[i], durable);
        buffer_format(conf, "          \"$JS.API.CONSUMER.MSG.NEXT.%s.%s\",\n", stream->name,
                      durable);
        buffer_format(conf, "          \"$JS.ACK.%s.%s.>\",\n", stream->name, durable);
        /* The form with domain and account, which newer servers may use. */
        buffer_format(conf, "          \"$JS.ACK.*.*.%s.%s.>\",\n", stream->name, durable);
    }
    return true;
}

static bool has_query(const char *const subjects[static FLEET_SAYS_MAX])
{
    for (size_t i = 0; i < FLEET_SAYS_MAX && subjects[i]; i++)
        if (strncmp(subjects[i], "query.", 6) == 0)
            return true;
    return false;
}

/* Where answers go: to those who ask. Not allow_responses: with it the server keeps each delivered
 * message's reply subject for its time and walks over all of them at each delivery, half a
 * millisecond a message. */
static void add_answers(struct buffer *conf, const struct fleet_member *member)
{
    add_subject(conf, "_INBOX.monitor.>");
    for (size_t i = 0; has_query(member->answers) && i < fleet_member_count; i++)
        if (has_query(fleet_members[i].says))
            buffer_format(conf, "          \"_INBOX.%s.>\",\n", fleet_members[i].name);
}

static bool add_publish(struct buffer *conf, const struct fleet_member *member, struct err *err)
{
    buffer_add_text(conf, "        publish: { allow: [\n");
    for (size_t i = 0; i < FLEET_SAYS_MAX && member->says[i]; i++)
        add_subject(conf, member->says[i]);
    if (!add_durables(conf, member, err))
        return false;
    add_answers(conf, member);
    if (strcmp(member->name, stream_keeper) == 0)
        for (size_t i = 0; i < COUNT(keeper_subjects); i++)
            add_subject(conf, keeper_subjects[i]);
    /* An empty list would allow everything. */
    buffer_format(conf, "          \"_none.%s\"\n        ] }\n", member->name);
    return true;
}

static void add_subscribe(struct buffer *conf, const struct fleet_member *member)
{
    static const char *const verbs[] = {"PING", "INFO", "STATS"};
    buffer_add_text(conf, "        subscribe: { allow: [\n");
    for (size_t i = 0; i < FLEET_SAYS_MAX && member->answers[i]; i++)
        add_subject(conf, member->answers[i]);
    for (size_t i = 0; i < COUNT(verbs); i++)
        buffer_format(conf, "          \"$SRV.%s\", \"$SRV.%s.%s\", \"$SRV.%s.%s.>\",\n", verbs[i],
                      verbs[i], member->name, verbs[i], member->name);
    buffer_format(conf, "          \"_INBOX.%s.>\"\n        ] }\n", member->name);
}

static bool add_user(struct buffer *conf, const char *secrets, const char *name, struct err *err)
{
    char file[ROLE_NAME + 16];
    snprintf(file, sizeof file, "%s.nats", name);
    BUFFER password = {0};
    bool found = false;
    if (!secret_read(secrets, file, &password, &found, err))
        return false;
    if (!found) {
        char fresh[SECRET_PASSWORD];
        secret_new_password(fresh);
        buffer_add_text(&password, fresh);
        if (!secret_write(secrets, file, buffer_view(&password), err))
            return false;
    }
    if (strcspn((const char *)password.data, "\"\\\n") != password.length)
        return err_set(err, ERR_FATAL, "%s/%s: not a password of ours", secrets, file);
    buffer_format(conf, "    { user: \"%s\", password: \"%s\", permissions: {\n", name,
                  (const char *)password.data);
    return true;
}

static bool add_monitor(struct buffer *conf, const char *secrets, struct err *err)
{
    if (!add_user(conf, secrets, monitor, err))
        return false;
    buffer_format(conf,
                  "        publish: { allow: [\"$SRV.>\", \"query.>\"] }\n"
                  "        subscribe: { allow: [\"_INBOX.monitor.>\"] }\n      } }\n");
    return true;
}

bool command_nats(const struct options *options, struct err *err)
{
    if (!options->secrets)
        return err_set(err, ERR_REJECT, "nats: --secrets DIR is needed");
    BUFFER conf = {0};
    buffer_add_text(&conf,
                    "# Made by aelp-migrate nats; do not edit.\n"
                    "authorization {\n  users = [\n");
    for (size_t i = 0; i < fleet_member_count; i++) {
        const struct fleet_member *member = &fleet_members[i];
        if (member->person)
            continue;
        if (!add_user(&conf, options->secrets, member->name, err)
            || !add_publish(&conf, member, err))
            return false;
        add_subscribe(&conf, member);
        buffer_add_text(&conf, "      } }\n");
    }
    if (!add_monitor(&conf, options->secrets, err))
        return false;
    buffer_add_text(&conf, "  ]\n}\n");
    return output_write(buffer_view(&conf), err);
}
