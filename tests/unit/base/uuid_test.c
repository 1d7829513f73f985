/* One spelling of a uuid is accepted, and it is the one that is written. */
#include "bytes.h"
#include "uuid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void the_canonical_form_survives(void **state)
{
    (void)state;
    static const char text[] = "00112233-4455-6677-8899-aabbccddeeff";
    struct uuid uuid;
    char again[UUID_TEXT];
    assert_true(uuid_parse(text, &uuid));
    assert_int_equal(uuid.bytes[0], 0x00);
    assert_int_equal(uuid.bytes[5], 0x55);
    assert_int_equal(uuid.bytes[15], 0xff);
    uuid_text(&uuid, again);
    assert_string_equal(again, text);
}

static void any_other_form_is_refused_and_leaves_the_uuid_alone(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "",
        "-",
        "00112233-4455-6677-8899-aabbccddeef",
        "00112233-4455-6677-8899-aabbccddeeff0",
        "00112233-4455-6677-8899-aabbccddeeff ",
        " 0112233-4455-6677-8899-aabbccddeeff",
        "00112233-4455-6677-8899-AABBCCDDEEFF",
        "00112233445566778899aabbccddeeff",
        "{00112233-4455-6677-8899-aabbccddeeff}",
        "001122334-455-6677-8899-aabbccddeeff",
        "00112233-4455-6677-8899_aabbccddeeff",
        "g0112233-4455-6677-8899-aabbccddeeff",
        "0011-2233-4455-6677-8899-aabbccddeeff",
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct uuid uuid = {{7}};
        assert_false(uuid_parse(refused[i], &uuid));
        assert_true(uuid_equal(&uuid, &(struct uuid){{7}}));
    }
}

static void equal_means_all_16_bytes(void **state)
{
    (void)state;
    struct uuid a = {{7}}, b = {{7}};
    assert_true(uuid_equal(&a, &b));
    b.bytes[15] = 1;
    assert_false(uuid_equal(&a, &b));
}

static void random_ones_are_version_4_and_differ(void **state)
{
    (void)state;
    struct uuid before = uuid_random();
    for (int i = 0; i < 1000; i++) {
        struct uuid uuid = uuid_random();
        assert_int_equal(uuid.bytes[6] >> 4, 4);
        assert_int_equal(uuid.bytes[8] >> 6, 2);
        assert_false(uuid_equal(&uuid, &before));
        before = uuid;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_canonical_form_survives),
        cmocka_unit_test(any_other_form_is_refused_and_leaves_the_uuid_alone),
        cmocka_unit_test(equal_means_all_16_bytes),
        cmocka_unit_test(random_ones_are_version_4_and_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
