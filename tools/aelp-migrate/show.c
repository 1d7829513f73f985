/* show: the fleet table as JSON, from which tests make their cases. */
#include "migrate.h"

#include "fleet.h"
#include "mem.h"
#include "output.h"

#include <jansson.h>

static json_t *texts(const char *const items[], size_t items_max)
{
    json_t *array = json_array();
    for (size_t i = 0; i < items_max && items[i]; i++)
        json_array_append_new(array, json_string(items[i]));
    return array;
}

static json_t *durables(const struct fleet_member *member)
{
    json_t *array = json_array();
    for (size_t i = 0; i < FLEET_HEARS_MAX && member->hears[i]; i++) {
        char name[FLEET_DURABLE];
        fleet_durable(member->name, member->hears[i], name);
        json_array_append_new(array, json_string(name));
    }
    return array;
}

static json_t *member_json(const struct fleet_member *member)
{
    return json_pack("{s:s, s:s?, s:s?, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:s?}", "name",
                     member->name, "role", member->role, "schema", member->schema, "person",
                     member->person, "hears", texts(member->hears, FLEET_HEARS_MAX), "durables",
                     durables(member), "emits", texts(member->emits, FLEET_SAYS_MAX), "says",
                     texts(member->says, FLEET_SAYS_MAX), "answers",
                     texts(member->answers, FLEET_SAYS_MAX), "grants",
                     texts(member->grants, FLEET_GRANTS_MAX), "help", member->help);
}

static json_t *stream_json(const struct fleet_stream *stream)
{
    return json_pack("{s:s, s:s, s:s, s:I, s:I}", "name", stream->name, "subjects",
                     stream->subjects, "retention", stream->retention, "max_age_hours",
                     (json_int_t)stream->max_age_hours, "max_bytes", (json_int_t)stream->max_bytes);
}

bool command_fleet(const struct options *options, struct err *err)
{
    (void)options;
    json_t *streams = json_array(), *owners = json_array(), *members = json_array();
    for (size_t i = 0; i < fleet_stream_count; i++)
        json_array_append_new(streams, stream_json(&fleet_streams[i]));
    for (size_t i = 0; i < fleet_owner_count; i++)
        json_array_append_new(
            owners,
            json_pack("{s:s, s:o}", "role", fleet_owners[i].role, "grants",
                      texts(fleet_owners[i].grants, COUNT(fleet_owners[i].grants))));
    for (size_t i = 0; i < fleet_member_count; i++)
        json_array_append_new(members, member_json(&fleet_members[i]));
    json_t *fleet =
        json_pack("{s:o, s:o, s:o}", "streams", streams, "owners", owners, "members", members);

    char *text = json_dumps(fleet, JSON_INDENT(2));
    json_decref(fleet);
    bool ok = output_write(bytes_of_text(text), err) && output_write(bytes_of_text("\n"), err);
    mem_free(text);
    return ok;
}
