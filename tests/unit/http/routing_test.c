/* routing: rows, parameters, tails and the two ways to fit nothing. */
#include "http_routing.h"

#include "checks.h"

#include "mem.h"

static void assert_param(const struct http_params *params, size_t at, const char *name,
                         const char *value)
{
    assert_true(at < params->count);
    assert_true(bytes_equal(params->item[at].name, bytes_of_text(name)));
    assert_true(bytes_equal(params->item[at].value, bytes_of_text(value)));
}

static void patterns_fit_whole_segments_only(void **state)
{
    static const struct {
        const char *pattern, *path;
        bool fits;
    } cases[] = {
        {"/",         "/",        true },
        {"/a",        "/a",       true },
        {"/a",        "/ab",      false},
        {"/ab",       "/a",       false},
        {"/a",        "/a/",      false},
        {"/a/",       "/a",       false},
        {"/a/b",      "/a/b",     true },
        {"/a/:x",     "/a/",      false},
        {"/a/:x",     "/a/1/2",   false},
        {"/a/:x/c",   "/a/1/c",   true },
        {"/a/:x:run", "/a/1:run", true },
        {"/a/:x:run", "/a/:run",  false},
        {"/a/:x:run", "/a/1:rum", false},
        {"/a/b:run",  "/a/b:run", true },
        {"/a/*",      "/a/",      true },
        {"/a/*",      "/a",       false},
        {"/a/*",      "/a/b/c",   true },
        {"/a",        "*",        false},
    };
    struct http_params params;
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (http_pattern_match(cases[i].pattern, cases[i].path, &params) != cases[i].fits)
            fail_msg("%s on %s", cases[i].pattern, cases[i].path);
}

static void parameters_are_what_stood_in_their_place(void **state)
{
    struct http_params params;
    (void)state;
    assert_true(http_pattern_match("/v1/:kind/items/:id:run", "/v1/ads/items/a:b:run", &params));
    assert_int_equal(params.count, 2);
    assert_param(&params, 0, "kind", "ads");
    assert_param(&params, 1, "id", "a:b");
    assert_true(http_pattern_match("/assets/*", "/assets/js/app.js", &params));
    assert_param(&params, 0, "*", "js/app.js");
}

static const struct http_route routes[] = {
    {"GET",  "/items/special", NULL, 0},
    {"GET",  "/items/:id",     NULL, 0},
    {"POST", "/items/:id",     NULL, 0},
    {"POST", "/only-post",     NULL, 0},
};

static int find(const char *method, const char *path, const struct http_route **ret_route,
                char allow[static HTTP_ALLOW_TEXT])
{
    struct http_params params;
    return http_routing_find(routes, COUNT(routes), method, path, ret_route, &params, allow);
}

static void the_first_row_that_fits_wins(void **state)
{
    const struct http_route *route;
    char allow[HTTP_ALLOW_TEXT];
    (void)state;
    assert_int_equal(find("GET", "/items/special", &route, allow), 200);
    assert_ptr_equal(route, &routes[0]);
    assert_int_equal(find("POST", "/items/special", &route, allow), 200);
    assert_ptr_equal(route, &routes[2]);
}

static void head_is_answered_by_the_get_row(void **state)
{
    const struct http_route *route;
    char allow[HTTP_ALLOW_TEXT];
    (void)state;
    assert_int_equal(find("HEAD", "/items/7", &route, allow), 200);
    assert_ptr_equal(route, &routes[1]);
    assert_int_equal(find("HEAD", "/only-post", &route, allow), 405);
}

static void a_wrong_method_names_the_right_ones_once(void **state)
{
    const struct http_route *route;
    char allow[HTTP_ALLOW_TEXT];
    (void)state;
    assert_int_equal(find("DELETE", "/items/special", &route, allow), 405);
    assert_string_equal(allow, "GET, HEAD, POST");
    assert_int_equal(find("GET", "/nowhere", &route, allow), 404);
    assert_string_equal(allow, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_fit_whole_segments_only),
        cmocka_unit_test(parameters_are_what_stood_in_their_place),
        cmocka_unit_test(the_first_row_that_fits_wins),
        cmocka_unit_test(head_is_answered_by_the_get_row),
        cmocka_unit_test(a_wrong_method_names_the_right_ones_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
