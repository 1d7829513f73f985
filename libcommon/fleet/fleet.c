#include "fleet.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

const struct fleet_member *fleet_find(const char *name)
{
    for (size_t i = 0; i < fleet_member_count; i++)
        if (strcmp(fleet_members[i].name, name) == 0)
            return &fleet_members[i];
    return NULL;
}

/* Tokens are separated by dots, '*' stands for one token, a last '>' for one or more. */
bool fleet_covers(const char *wide, const char *narrow)
{
    for (;;) {
        if (strcmp(wide, ">") == 0)
            return *narrow != '\0';
        size_t wide_length = strcspn(wide, "."), narrow_length = strcspn(narrow, ".");
        bool any = wide_length == 1 && *wide == '*' && *narrow != '>';
        bool same = wide_length == narrow_length && strncmp(wide, narrow, wide_length) == 0;
        if (!any && !same)
            return false;
        wide += wide_length;
        narrow += narrow_length;
        if (*wide == '\0' || *narrow == '\0')
            return *wide == *narrow;
        wide++;
        narrow++;
    }
}

const struct fleet_stream *fleet_stream_of(const char *filter)
{
    for (size_t i = 0; i < fleet_stream_count; i++)
        if (fleet_covers(fleet_streams[i].subjects, filter))
            return &fleet_streams[i];
    return NULL;
}

void fleet_durable(const char *service, const char *filter, char name[static FLEET_DURABLE])
{
    size_t length = (size_t)snprintf(name, FLEET_DURABLE, "%s_", service);
    for (const char *at = filter; *at; at++) {
        assert(isalnum((unsigned char)*at) || strchr("_-.*>", *at));
        char own[2] = {*at, '\0'};
        const char *part = *at == '>' ? "all" : *at == '*' ? "any" : *at == '.' ? "_" : own;
        assert(length + strlen(part) < FLEET_DURABLE);
        length += (size_t)snprintf(name + length, FLEET_DURABLE - length, "%s", part);
    }
}
