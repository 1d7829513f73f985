/* Protobuf bytes that protobuf-c would take, or cut, or drown in. */
#include "every.pb-c.h"
#include "pbcheck.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool unpack(struct bytes body, Test__Every **ret_every, struct err *err)
{
    ProtobufCMessage *message = NULL;
    bool good = pbcheck_unpack(&test__every__descriptor, body, 1000, &message, err);
    *ret_every = (Test__Every *)message;
    return good;
}

static void assert_refused(const char *body, size_t length, const char *reason)
{
    struct err err = {0};
    Test__Every *every = NULL;
    assert_false(unpack(bytes_of(body, length), &every, &err));
    assert_null(every);
    assert_int_equal(err.kind, ERR_REJECT);
    assert_string_equal(err.text, reason);
}

#define REFUSED(body, reason) assert_refused(body, sizeof(body) - 1, reason)

static void good_bytes_become_a_message(void **state)
{
    (void)state;
    struct err err = {0};
    Test__Every *every = NULL;
    /* int32_field = 7; mood = -7 in ten bytes; text = "é"; moods = [3, 0] packed */
    static const char body[] = "\x08\x07\x70\xf9\xff\xff\xff\xff\xff\xff\xff\xff\x01"
                               "\x7a\x02\xc3\xa9\x92\x02\x02\x03\x00";
    assert_true(unpack(bytes_of(body, sizeof body - 1), &every, &err));
    assert_int_equal(every->int32_field, 7);
    assert_int_equal(every->mood, TEST__MOOD__MOOD_BAD);
    assert_string_equal(every->text, "é");
    assert_int_equal(every->n_moods, 2);
    test__every__free_unpacked(every, NULL);

    assert_true(unpack(bytes_of(NULL, 0), &every, &err));
    test__every__free_unpacked(every, NULL);
}

static void fields_of_a_newer_sender_are_skipped(void **state)
{
    (void)state;
    struct err err = {0};
    Test__Every *every = NULL;
    /* fields 2000 to 2003 in all four wire types, then int32_field = 7 */
    static const char body[] = "\x80\x7d\x01\x89\x7d"
                               "12345678\x92\x7d\x02\xff\xff\x9d\x7d"
                               "1234\x08\x07";
    assert_true(unpack(bytes_of(body, sizeof body - 1), &every, &err));
    assert_int_equal(every->int32_field, 7);
    test__every__free_unpacked(every, NULL);
}

static void what_protobuf_c_would_let_through_is_refused(void **state)
{
    (void)state;
    REFUSED("\x7a\x03"
            "a\0b",
            "test.Every: text: contains a NUL");
    REFUSED("\x7a\x02\xc3(", "test.Every: text: not UTF-8");
    REFUSED("\x9a\x02\x01\xff", "test.Every: texts: not UTF-8");
    REFUSED("\x8a\x01\x03\x12\x01\xff", "test.Every: inner.note: not UTF-8");
    REFUSED("\x70\x05", "test.Every: mood: no such value: 5");
    REFUSED("\x92\x02\x02\x03\x05", "test.Every: moods: no such value: 5");
    REFUSED("\x90\x02\x05", "test.Every: moods: no such value: 5");
}

static void broken_bytes_are_refused(void **state)
{
    (void)state;
    REFUSED("\x08", "test.Every: int32_field: cut short");
    REFUSED("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
            "test.Every: int32_field: cut short");
    REFUSED("\x7a\x05"
            "ab",
            "test.Every: text: cut short");
    REFUSED("\x7a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "test.Every: text: cut short");
    REFUSED("\x92\x02\x01\xff", "test.Every: moods: cut short");
    REFUSED("\x31\x01", "test.Every: sfixed64_field: cut short");
    REFUSED("\x1d\x01", "test.Every: sfixed32_field: cut short");
    REFUSED("\x92\x7d\x02\xff", "test.Every: #2002: cut short");
    REFUSED("\x0b", "test.Every: int32_field: wire type 3 is not used");
    REFUSED("\x00", "test.Every: broken field tag");
    REFUSED("\x80", "test.Every: broken field tag");
    REFUSED("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "test.Every: broken field tag");
    REFUSED("\x78\x07", "test.Every: a field has the wrong wire type");
}

static void size_has_a_limit(void **state)
{
    (void)state;
    static char body[1001];
    assert_refused(body, sizeof body, "test.Every: 1001 bytes, at most 1000");
}

/* inner = 17 holds Inner, whose inside = 3 holds the next. */
static size_t nested(int levels, char body[static 100])
{
    size_t length = 0;
    for (int i = 1; i < levels; i++) {
        memmove(body + 2 + (i == levels - 1), body, length);
        size_t at = 0;
        if (i == levels - 1) {
            body[at++] = '\x8a';
            body[at++] = '\x01';
        } else {
            body[at++] = '\x1a';
        }
        body[at++] = (char)length;
        length += at;
    }
    return length;
}

static void levels_have_a_limit(void **state)
{
    (void)state;
    char body[100];
    struct err err = {0};
    Test__Every *every = NULL;
    size_t length = nested(16, body);
    assert_true(unpack(bytes_of(body, length), &every, &err));
    test__every__free_unpacked(every, NULL);
    length = nested(17, body);
    assert_false(unpack(bytes_of(body, length), &every, &err));
    assert_non_null(strstr(err.text, "inner.inside.inside."));
    assert_non_null(strstr(err.text, ": more than 16 levels"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_bytes_become_a_message),
        cmocka_unit_test(fields_of_a_newer_sender_are_skipped),
        cmocka_unit_test(what_protobuf_c_would_let_through_is_refused),
        cmocka_unit_test(broken_bytes_are_refused),
        cmocka_unit_test(size_has_a_limit),
        cmocka_unit_test(levels_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
