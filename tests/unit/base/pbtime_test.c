/* Times and durations as proto3 JSON spells them, with the edges of both. */
#include "pbtime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct sample {
    const char *text;
    struct pbtime time;
    const char *written; /* NULL: the same text */
};

static void timestamps_are_read_and_written(void **state)
{
    (void)state;
    static const struct sample samples[] = {
        {"1970-01-01T00:00:00Z",           {0, 0},                    NULL                      },
        {"1969-12-31T23:59:59.999999999Z", {-1, 999999999},           NULL                      },
        {"2026-11-20T10:00:00.12Z",        {1795168800, 120000000},   "2026-11-20T10:00:00.120Z"},
        {"2026-11-20T10:00:00.000001Z",    {1795168800, 1000},        NULL                      },
        {"2026-11-20T23:00:00+13:00",      {1795168800, 0},           "2026-11-20T10:00:00Z"    },
        {"2026-11-20T04:30:00-05:30",      {1795168800, 0},           "2026-11-20T10:00:00Z"    },
        {"2024-02-29T00:00:00Z",           {1709164800, 0},           NULL                      },
        {"0001-01-01T00:00:00Z",           {-62135596800, 0},         NULL                      },
        {"9999-12-31T23:59:59.999999999Z", {253402300799, 999999999}, NULL                      },
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct pbtime time;
        char text[PBTIME_TEXT];
        assert_true(pbtime_timestamp_read(samples[i].text, &time));
        assert_int_equal(time.seconds, samples[i].time.seconds);
        assert_int_equal(time.nanos, samples[i].time.nanos);
        assert_true(pbtime_timestamp_write(time, text));
        assert_string_equal(text, samples[i].written ? samples[i].written : samples[i].text);
    }
}

static void texts_that_are_no_timestamp_are_refused(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "",
        "2026-11-20",
        "2026-11-20T10:00:00",
        "2026-11-20 10:00:00Z",
        "2026-11-20T10:00:00z",
        "2026-11-20T10:00:00ZZ",
        "2026-11-20T10:00:00.Z",
        "2026-11-20T10:00:00.1234567890Z",
        "2026-11-20T10:00:00,5Z",
        "2026-11-20T24:00:00Z",
        "2026-11-20T10:60:00Z",
        "2026-11-20T10:00:60Z",
        "2026-11-31T10:00:00Z",
        "2023-02-29T10:00:00Z",
        "1900-02-29T10:00:00Z",
        "2026-00-20T10:00:00Z",
        "2026-13-20T10:00:00Z",
        "2026-11-00T10:00:00Z",
        "0000-12-31T23:59:59Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "10000-01-01T00:00:00Z",
        "-2026-11-20T10:00:00Z",
        "2026-1-20T10:00:00Z",
        "2026-11-20T10:00:00+1:00",
        "2026-11-20T10:00:00+24:00",
        "2026-11-20T10:00:00+01:60",
        "2026-11-20T10:00:00+01:00x",
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct pbtime time;
        assert_false(pbtime_timestamp_read(refused[i], &time));
    }
}

static void durations_are_read_and_written(void **state)
{
    (void)state;
    static const struct sample samples[] = {
        {"0s",             {0, 0},             NULL     },
        {"-0s",            {0, 0},             "0s"     },
        {"4650s",          {4650, 0},          NULL     },
        {"-3.5s",          {-3, -500000000},   "-3.500s"},
        {"-0.000000001s",  {0, -1},            NULL     },
        {"0.000250s",      {0, 250000},        NULL     },
        {"315576000000s",  {315576000000, 0},  NULL     },
        {"-315576000000s", {-315576000000, 0}, NULL     },
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct pbtime time;
        char text[PBTIME_TEXT];
        assert_true(pbtime_duration_read(samples[i].text, &time));
        assert_int_equal(time.seconds, samples[i].time.seconds);
        assert_int_equal(time.nanos, samples[i].time.nanos);
        assert_true(pbtime_duration_write(time, text));
        assert_string_equal(text, samples[i].written ? samples[i].written : samples[i].text);
    }
}

static void texts_that_are_no_duration_are_refused(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "",
        "s",
        "-s",
        "3",
        "3S",
        "3s ",
        " 3s",
        "+3s",
        "--3s",
        "3.s",
        ".5s",
        "3.5",
        "1e3s",
        "3m",
        "315576000001s",
        "0.1234567890s",
        "99999999999999999999999999s",
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct pbtime time;
        assert_false(pbtime_duration_read(refused[i], &time));
    }
}

static void values_without_a_text_are_refused(void **state)
{
    (void)state;
    char text[PBTIME_TEXT];
    assert_false(pbtime_timestamp_write((struct pbtime){253402300800, 0}, text));
    assert_false(pbtime_timestamp_write((struct pbtime){-62135596801, 0}, text));
    assert_false(pbtime_timestamp_write((struct pbtime){0, -1}, text));
    assert_false(pbtime_timestamp_write((struct pbtime){0, 1000000000}, text));
    assert_false(pbtime_duration_write((struct pbtime){315576000001, 0}, text));
    assert_false(pbtime_duration_write((struct pbtime){1, -1}, text));
    assert_false(pbtime_duration_write((struct pbtime){-1, 1}, text));
    assert_false(pbtime_duration_write((struct pbtime){0, INT32_MIN}, text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timestamps_are_read_and_written),
        cmocka_unit_test(texts_that_are_no_timestamp_are_refused),
        cmocka_unit_test(durations_are_read_and_written),
        cmocka_unit_test(texts_that_are_no_duration_are_refused),
        cmocka_unit_test(values_without_a_text_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
