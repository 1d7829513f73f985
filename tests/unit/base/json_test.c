/* JSON from outside: what is refused, and with which words. */
#include "json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_broken(const char *text, const char *reason)
{
    struct err err = {0};
    json_t *json = NULL;
    assert_false(json_parse(bytes_of_text(text), 1000, &json, &err));
    assert_null(json);
    assert_int_equal(err.kind, ERR_REJECT);
    assert_string_equal(err.text, reason);
}

static void a_broken_text_is_refused_with_its_position(void **state)
{
    (void)state;
    assert_broken("", "JSON: line 1, column 0: '[' or '{' expected near end of file");
    assert_broken("{\"a\":\n1,}", "JSON: line 2, column 3: string or '}' expected near '}'");
    assert_broken("{\"a\":1,\"a\":2}",
                  "JSON: line 1, column 10: duplicate object key near '\"a\"'");
    assert_broken("{} x", "JSON: line 1, column 4: end of file expected near 'x'");
    assert_broken("{\"a\":99999999999999999999}",
                  "JSON: line 1, column 25: too big integer near '99999999999999999999'");
    assert_broken("[\"\\u0000\"]",
                  "JSON: line 1, column 9: \\u0000 is not allowed without JSON_ALLOW_NUL "
                  "near '\"\\u0000\"'");
}

static void broken_utf8_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    json_t *json = NULL;
    assert_false(json_parse(bytes_of_text("[\"\xc3(\"]"), 1000, &json, &err));
    assert_non_null(strstr(err.text, "unable to decode byte 0xc3"));
}

static void size_and_depth_have_a_limit(void **state)
{
    (void)state;
    struct err err = {0};
    json_t *json = NULL;
    assert_false(json_parse(bytes_of_text("[1]"), 2, &json, &err));
    assert_string_equal(err.text, "JSON: 3 bytes, at most 2");
    char text[140];
    memset(text, '[', 64);
    memset(text + 64, ']', 64);
    assert_true(json_parse(bytes_of(text, 128), 1000, &json, &err));
    json_decref(json);
    memset(text, '[', 65);
    memset(text + 65, ']', 65);
    assert_false(json_parse(bytes_of(text, 130), 1000, &json, &err));
    assert_string_equal(err.text, "JSON: more than 64 levels");
}

static void brackets_inside_a_text_are_no_levels(void **state)
{
    (void)state;
    struct err err = {0};
    OWNED(json_t) *json = NULL;
    char text[200] = "[\"\\\"";
    memset(text + 4, '[', 100);
    strncat(text, "\"]", 3);
    assert_true(json_parse(bytes_of_text(text), 1000, &json, &err));
}

static void equal_values_are_written_equally(void **state)
{
    (void)state;
    struct err err = {0};
    OWNED(json_t) *json = NULL;
    struct buffer text = {0};
    assert_true(json_parse(bytes_of_text("{ \"b\" : [1, true], \"a\" : \"\xc3\xa9\" }"), 1000,
                           &json, &err));
    json_write(json, &text);
    assert_string_equal((const char *)text.data, "{\"a\":\"é\",\"b\":[1,true]}");
    buffer_done(&text);
}

static void a_text_is_written_with_its_escapes(void **state)
{
    (void)state;
    struct buffer text = {0};
    assert_true(json_write_text(bytes_of("a\"\\\n\x7f\0é", 8), &text));
    assert_string_equal((const char *)text.data, "\"a\\\"\\\\\\u000a\\u007f\\u0000é\"");
    assert_false(json_write_text(bytes_of_text("good\xff"), &text));
    assert_string_equal((const char *)text.data, "\"a\\\"\\\\\\u000a\\u007f\\u0000é\"");
    buffer_done(&text);
}

static json_t *sample(void)
{
    struct err err = {0};
    json_t *json = NULL;
    assert_true(json_parse(bytes_of_text("{\"text\":\"four\",\"int\":-4650,\"digits\":\"730\","
                                         "\"real\":1.5,\"flag\":false,\"list\":[1,2],\"map\":{},"
                                         "\"null\":null,\"huge\":\"9223372036854775808\"}"),
                           1000, &json, &err));
    return json;
}

static void members_of_the_right_type_are_found(void **state)
{
    (void)state;
    struct err err = {0};
    OWNED(json_t) *json = sample();
    const char *text = NULL;
    int64_t number = 0;
    assert_true(json_need_text(json, "text", 4, &text, &err));
    assert_string_equal(text, "four");
    assert_true(json_need_int(json, "int", -4650, 0, &number, &err));
    assert_int_equal(number, -4650);
    assert_true(json_need_int(json, "digits", 0, 730, &number, &err));
    assert_int_equal(number, 730);
}

static void a_wrong_member_is_named_with_the_rule(void **state)
{
    (void)state;
    OWNED(json_t) *json = sample();
    struct err err = {0};
    const char *text = NULL;
    int64_t number = 0;
#define REFUSED(call, reason)                   \
    do {                                        \
        assert_false(call);                     \
        assert_int_equal(err.kind, ERR_REJECT); \
        assert_string_equal(err.text, reason);  \
    } while (0)
    REFUSED(json_need_text(json, "gone", 4, &text, &err), "gone: required");
    REFUSED(json_need_text(json, "null", 4, &text, &err), "null: required");
    REFUSED(json_need_text(NULL, "text", 4, &text, &err), "text: not inside an object");
    REFUSED(json_need_text(json, "int", 4, &text, &err), "int: must be a text");
    REFUSED(json_need_text(json, "text", 3, &text, &err), "text: 4 bytes, at most 3");
    REFUSED(json_need_int(json, "real", 0, 9, &number, &err), "real: must be a whole number");
    REFUSED(json_need_int(json, "text", 0, 9, &number, &err), "text: must be a whole number");
    REFUSED(json_need_int(json, "huge", 0, 9, &number, &err), "huge: must be a whole number");
    REFUSED(json_need_int(json, "int", 0, 9, &number, &err), "int: -4650 is not in 0..9");
#undef REFUSED
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_broken_text_is_refused_with_its_position),
        cmocka_unit_test(broken_utf8_is_refused),
        cmocka_unit_test(size_and_depth_have_a_limit),
        cmocka_unit_test(brackets_inside_a_text_are_no_levels),
        cmocka_unit_test(equal_values_are_written_equally),
        cmocka_unit_test(a_text_is_written_with_its_escapes),
        cmocka_unit_test(members_of_the_right_type_are_found),
        cmocka_unit_test(a_wrong_member_is_named_with_the_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
