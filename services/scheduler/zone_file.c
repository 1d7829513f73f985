#include "zone_file.h"

#include <stdio.h>
#include <string.h>

enum { path_max = 300, file_max = 64 * 1024 };

/* A name of the folder's own: no way out of it. */
static bool is_name(const char *zone)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "_+-/";
    return *zone && *zone != '/' && zone[strspn(zone, letters)] == '\0';
}

bool zone_file_read(const char *folder, const char *zone, struct zone_rule *ret_rule,
                    struct err *err)
{
    char path[path_max];
    static const size_t chunk = 4096;
    if (!is_name(zone) || snprintf(path, sizeof path, "%s/%s", folder, zone) >= path_max)
        return err_set(err, ERR_REJECT, "zone: there is no %.60s", zone);
    FILE *file = fopen(path, "re");
    if (!file)
        return err_set(err, ERR_REJECT, "zone: there is no %.60s", zone);
    struct buffer content = {0};
    char piece[4096];
    for (size_t got; content.length < file_max && (got = fread(piece, 1, chunk, file)) > 0;)
        buffer_add(&content, piece, got);
    fclose(file);
    bool ok = zone_rule_from_file(buffer_view(&content), ret_rule, err);
    buffer_done(&content);
    return ok;
}
