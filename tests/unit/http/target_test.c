/* target: decoding, and what is refused instead of guessed. */
#include "http_target.h"

#include "checks.h"

#include "mem.h"

static bool parse(const char *text, char copy[static 2048], struct http_target *ret_target)
{
    assert_true(strlen(text) < 2048);
    memcpy(copy, text, strlen(text) + 1);
    return http_target_parse(copy, ret_target);
}

static void paths_are_decoded(void **state)
{
    static const struct {
        const char *text, *path;
    } cases[] = {
        {"/",                "/"        },
        {"/a%20b",           "/a b"     },
        {"/a+b",             "/a+b"     },
        {"/%E2%82%ac/x?y=1", "/\u20ac/x"},
        {"/a%3fb",           "/a?b"     },
        {"/...",             "/..."     },
        {"*",                "*"        },
    };
    struct http_target target;
    char copy[2048];
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_true(parse(cases[i].text, copy, &target));
        assert_string_equal(target.path, cases[i].path);
    }
}

static void what_could_be_read_in_two_ways_is_refused(void **state)
{
    static const char *const texts[] = {
        "",        "a",          "http://a/b", "/a#b",     "/%",        "/%2",
        "/%2x",    "/%00",       "/a%2Fb",     "/%0a",     "/%7f",      "/%ff",
        "/%c0%80", "/%ed%a0%80", "/a/..",      "/../a",    "/a/%2e%2e", "/a/%2e/b",
        "/a/./b",  "/a?b=%",     "/a?%zz=1",   "/a?b=%00", "/a?b=%80",  "/a?b=%0d%0a",
    };
    struct http_target target;
    char copy[2048];
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        if (parse(texts[i], copy, &target))
            fail_msg("accepted %s", texts[i]);
}

static void queries_are_decoded_in_their_order(void **state)
{
    struct http_target target;
    char copy[2048];
    (void)state;
    assert_true(parse("/a?b=1+2&&c&b=%26%3D%2F&=x", copy, &target));
    assert_int_equal(target.query_count, 4);
    assert_string_equal(target.queries[0].name, "b");
    assert_string_equal(target.queries[0].value, "1 2");
    assert_string_equal(target.queries[1].name, "c");
    assert_string_equal(target.queries[1].value, "");
    assert_string_equal(target.queries[2].value, "&=/");
    assert_string_equal(target.queries[3].name, "");
}

static void a_pair_over_the_limit_is_refused(void **state)
{
    struct http_target target;
    struct buffer text = {0};
    char copy[2048];
    (void)state;
    buffer_add_text(&text, "/?");
    for (int i = 0; i < HTTP_QUERIES_MAX; i++)
        buffer_format(&text, "q%d=%d&", i, i);
    assert_true(parse((char *)text.data, copy, &target));
    assert_int_equal(target.query_count, HTTP_QUERIES_MAX);
    assert_string_equal(target.queries[63].value, "63");
    buffer_add_text(&text, "q64=64");
    assert_false(parse((char *)text.data, copy, &target));
    buffer_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_decoded),
        cmocka_unit_test(what_could_be_read_in_two_ways_is_refused),
        cmocka_unit_test(queries_are_decoded_in_their_order),
        cmocka_unit_test(a_pair_over_the_limit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
