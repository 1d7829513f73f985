/* Hex and base64: one text per value, everything else refused. */
#include "hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void hex_of_every_byte_survives(void **state)
{
    (void)state;
    uint8_t bytes[256], again[256];
    char text[513];
    for (size_t i = 0; i < 256; i++)
        bytes[i] = (uint8_t)i;
    hex_encode(bytes_of(bytes, 256), text);
    assert_memory_equal(text, "000102", 6);
    assert_string_equal(text + 506, "fdfeff");
    assert_true(hex_decode(text, again, 256));
    assert_memory_equal(again, bytes, 256);
    assert_true(hex_decode("fFAb", again, 2));
    assert_int_equal(again[1], 0xab);
    assert_true(hex_decode("", again, 0));
}

static void hex_of_another_length_or_alphabet_is_refused(void **state)
{
    (void)state;
    static const char *const refused[] = {"",     "a",    "abc",  "abcde", "abcdef",
                                          "abcg", "ab c", " abc", "0xab",  "ab\xc3\xa9"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        uint8_t bytes[2] = {7, 30};
        assert_false(hex_decode(refused[i], bytes, 2));
        assert_int_equal(bytes[0], 7);
    }
}

/* RFC 4648, section 10. */
static void base64_has_its_published_values(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"",             ""        },
        {"f",            "Zg=="    },
        {"fo",           "Zm8="    },
        {"foo",          "Zm9v"    },
        {"foob",         "Zm9vYg=="},
        {"fooba",        "Zm9vYmE="},
        {"foobar",       "Zm9vYmFy"},
        {"\xfb\xff\xbf", "+/+/"    },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct buffer text = {0}, data = {0};
        buffer_add_text(&text, "");
        buffer_add_text(&data, "");
        base64_encode(bytes_of_text(pairs[i][0]), &text);
        assert_string_equal((const char *)text.data, pairs[i][1]);
        assert_true(base64_decode(buffer_view(&text), &data));
        assert_string_equal((const char *)data.data, pairs[i][0]);
        buffer_done(&data);
        buffer_done(&text);
    }
}

static void base64_in_any_other_spelling_is_refused_and_adds_nothing(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "Z",      "Zg",   "Zg=",   "Zg===",    "Zh==", "Zm9=",     "=",
        "==",     "====", "=m9v",  "Z===",     "Zm=v", "Zg==Zg==", "Zm8=Zg==",
        "Zm9v\n", " Zm9", "Zm 9v", "Zm9v    ", "-_-_", "Zm9v!!!!", "Zm9vZm9\xff",
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct buffer data = {0};
        buffer_add_text(&data, "kept");
        assert_false(base64_decode(bytes_of_text(refused[i]), &data));
        assert_int_equal(data.length, 4);
        buffer_done(&data);
    }
    struct buffer data = {0};
    assert_false(base64_decode(bytes_of("Zm\0v", 4), &data));
    buffer_done(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hex_of_every_byte_survives),
        cmocka_unit_test(hex_of_another_length_or_alphabet_is_refused),
        cmocka_unit_test(base64_has_its_published_values),
        cmocka_unit_test(base64_in_any_other_spelling_is_refused_and_adds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
