/* openapi: the description and the table of routes say the same. */
#include "json.h"
#include "mem.h"
#include "routes.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static json_t *description;
static struct routes routes;

static int load(void **state)
{
    (void)state;
    description = json_load_file(TEST_SOURCE_DIR "/../../../services/gateway/openapi.json",
                                 JSON_REJECT_DUPLICATES, NULL);
    routes_make(&routes);
    return description ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    json_decref(description);
    return 0;
}

/* "/a/:id/b" as OpenAPI writes it: "/a/{id}/b". */
static void path_of(const char *pattern, char path[static 128])
{
    size_t length = 0;
    for (const char *at = pattern; *at;) {
        if (*at != ':') {
            path[length++] = *at++;
            continue;
        }
        size_t name = strcspn(++at, "/");
        length += (size_t)snprintf(path + length, 128 - length, "{%.*s}", (int)name, at);
        at += name;
    }
    path[length] = '\0';
}

static bool is_routed(const char *path, const char *method)
{
    for (size_t i = 0; i < routes.api_count; i++) {
        char routed[128];
        path_of(routes.route[i].pattern, routed);
        if (strcmp(routed, path) == 0 && strcasecmp(routes.route[i].method, method) == 0)
            return true;
    }
    return false;
}

static void every_route_is_described(void **state)
{
    (void)state;
    for (size_t i = 0; i < routes.api_count; i++) {
        char path[128], method[8] = "";
        path_of(routes.route[i].pattern, path);
        for (size_t j = 0; routes.route[i].method[j]; j++)
            method[j] = (char)tolower((unsigned char)routes.route[i].method[j]);
        const json_t *item = json_object_get(json_object_get(description, "paths"), path);
        if (!json_object_get(item, method))
            fail_msg("%s %s is not described", method, path);
    }
}

static void everything_described_is_routed(void **state)
{
    const char *path, *method;
    json_t *item, *operation;
    size_t count = 0;
    (void)state;
    json_object_foreach(json_object_get(description, "paths"), path, item)
        json_object_foreach(item, method, operation)
    {
        count++;
        if (!is_routed(path, method))
            fail_msg("%s %s is described and has no route", method, path);
    }
    assert_int_equal(count, routes.api_count);
}

static void check_references(const json_t *json)
{
    const char *name;
    json_t *value;
    size_t index;
    if (json_is_array(json))
        json_array_foreach(json, index, value) check_references(value);
    json_object_foreach((json_t *)(uintptr_t)json, name, value)
    {
        if (strcmp(name, "$ref") != 0) {
            check_references(value);
            continue;
        }
        char kind[40], of[40];
        assert_int_equal(sscanf(json_string_value(value), "#/components/%39[a-z]/%39s", kind, of),
                         2);
        const json_t *components = json_object_get(description, "components");
        if (!json_object_get(json_object_get(components, kind), of))
            fail_msg("%s leads nowhere", json_string_value(value));
    }
}

static void every_reference_leads_somewhere(void **state)
{
    (void)state;
    check_references(description);
}

static void promised_routes_come_behind_the_api(void **state)
{
    (void)state;
    assert_true(routes.count > routes.api_count);
    for (size_t i = routes.api_count; i < routes.count; i++)
        assert_false(is_routed(routes.route[i].pattern, routes.route[i].method));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_is_described),
        cmocka_unit_test(everything_described_is_routed),
        cmocka_unit_test(every_reference_leads_somewhere),
        cmocka_unit_test(promised_routes_come_behind_the_api),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
