/* schemas: which schemas there are, in the order they are migrated, and whose SQL makes them. */
#pragma once

#include <stddef.h>

enum { SCHEMAS_MAX = 64, ROLE_NAME = 64 };

struct schema {
    const char *name;
    const char *folder;  /* below the root, e.g. "libcommon/bus" or "services" */
    const char *service; /* the folder's last part for a service's own schema, or NULL */
};

/* db, bus, people, saga, api, then the services' by the service's name. */
size_t schemas_list(struct schema ret_schemas[static SCHEMAS_MAX]);
void schemas_owner(const char *schema, char role[static ROLE_NAME]);
