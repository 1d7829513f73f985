#include "schemas.h"

#include "fleet.h"
#include "mem.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct schema shared[] = {
    {"db",     "libcommon/db",          NULL},
    {"bus",    "libcommon/bus",         NULL},
    {"people", "libcommon/saga/people", NULL},
    {"saga",   "libcommon/saga/saga",   NULL},
    {"api",    "libcommon/saga/api",    NULL},
};

static int by_service(const void *a, const void *b)
{
    return strcmp(((const struct schema *)a)->service, ((const struct schema *)b)->service);
}

size_t schemas_list(struct schema ret_schemas[static SCHEMAS_MAX])
{
    memcpy(ret_schemas, shared, sizeof shared);
    size_t count = COUNT(shared);
    for (size_t i = 0; i < fleet_member_count; i++) {
        const struct fleet_member *member = &fleet_members[i];
        assert(count < SCHEMAS_MAX);
        if (member->schema)
            ret_schemas[count++] = (struct schema){member->schema, "services", member->name};
    }
    qsort(ret_schemas + COUNT(shared), count - COUNT(shared), sizeof *ret_schemas, by_service);
    return count;
}

void schemas_owner(const char *schema, char role[static ROLE_NAME])
{
    int length = snprintf(role, ROLE_NAME, "%s_owner", schema);
    assert(length < ROLE_NAME);
}
