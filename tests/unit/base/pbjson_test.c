/* Messages to JSON and back, and everything that is refused, with its path. */
#include "every.pb-c.h"
#include "pbjson.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What the text becomes when it is read and written again; an error's text if it is refused. */
static void again(const char *json, struct buffer *text)
{
    struct err err = {0};
    ProtobufCMessage *message = NULL;
    if (pbjson_parse(&test__every__descriptor, bytes_of_text(json), 65536, &message, &err)
        && pbjson_write(message, text, &err)) {
        assert_int_equal(err.kind, ERR_NONE);
    } else {
        assert_int_equal(err.kind, ERR_REJECT);
        buffer_add_text(text, err.text);
    }
    protobuf_c_message_free_unpacked(message, NULL);
}

struct sample {
    const char *json, *expected;
};

static void check(const struct sample samples[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct buffer text = {0};
        again(samples[i].json, &text);
        assert_string_equal((const char *)text.data, samples[i].expected);
        buffer_done(&text);
    }
}

#define CHECK(...)                                            \
    do {                                                      \
        static const struct sample samples[] = {__VA_ARGS__}; \
        check(samples, sizeof samples / sizeof samples[0]);   \
    } while (0)

static void every_kind_of_field_survives(void **state)
{
    (void)state;
    static const char whole[] =
        "{\"int32Field\":-730001,\"sint32Field\":-2147483648,\"sfixed32Field\":2147483647,"
        "\"int64Field\":\"-9223372036854775808\",\"sint64Field\":\"9223372036854775807\","
        "\"sfixed64Field\":\"-4650\",\"uint32Field\":4294967295,\"fixed32Field\":4650,"
        "\"uint64Field\":\"18446744073709551615\",\"fixed64Field\":\"9223372036854775808\","
        "\"floatField\":0.1,\"doubleField\":0.1,\"boolField\":true,\"mood\":\"MOOD_BAD\","
        "\"text\":\"a\\\"b\\\\\\u0001\\u007fé\",\"data\":\"AP8=\","
        "\"inner\":{\"dailyMicros\":\"730000000\",\"inside\":{\"note\":\"x\"}},"
        "\"seenAt\":\"2026-11-20T10:00:00.123Z\",\"took\":\"-3.500s\",\"choiceText\":\"\","
        "\"numbers\":[0,-1],\"bigNumbers\":[\"0\",\"18446744073709551615\"],\"reals\":[0,1e+300],"
        "\"flags\":[false,true],\"moods\":[\"MOOD_UNKNOWN\",\"MOOD_GOOD\"],\"texts\":[\"\",\"b\"],"
        "\"datas\":[\"\",\"AQ==\"],\"effects\":[{},{\"note\":\"n\"}],"
        "\"times\":[\"1970-01-01T00:00:00Z\"]}";
    CHECK({whole, whole});
}

static void other_spellings_are_read_and_the_canonical_one_is_written(void **state)
{
    (void)state;
    CHECK(
        {"{}", "{}"}, {"{\"int32_field\":7}", "{\"int32Field\":7}"},
        {"{\"int32Field\":\"7\",\"int64Field\":7}", "{\"int32Field\":7,\"int64Field\":\"7\"}"},
        {"{\"int32Field\":7.0,\"uint64Field\":1e3}", "{\"int32Field\":7,\"uint64Field\":\"1000\"}"},
        {"{\"mood\":-7,\"moods\":[3,0]}",
         "{\"mood\":\"MOOD_BAD\",\"moods\":[\"MOOD_GOOD\",\"MOOD_UNKNOWN\"]}"},
        {"{\"doubleField\":\"2.5\",\"floatField\":-4}", "{\"floatField\":-4,\"doubleField\":2.5}"},
        {"{\"text\":null,\"effectss\":null}", "test.Every: effectss: unknown field"},
        {"{\"text\":null,\"inner\":null,\"choiceText\":null}", "{}"},
        {"{\"effects\":[],\"text\":\"\",\"int64Field\":\"-0\"}", "{}"},
        {"{\"seenAt\":\"2026-11-20T12:30:00.5+02:30\"}",
         "{\"seenAt\":\"2026-11-20T10:00:00.500Z\"}"},
        {"{\"choiceNumber\":0}", "{\"choiceNumber\":\"0\"}"},
        {"{\"choiceInner\":{}}", "{\"choiceInner\":{}}"});
}

static void numbers_without_a_json_form_travel_as_text(void **state)
{
    (void)state;
    CHECK({"{\"doubleField\":\"NaN\"}", "{\"doubleField\":\"NaN\"}"},
          {"{\"floatField\":\"-Infinity\"}", "{\"floatField\":\"-Infinity\"}"},
          {"{\"floatField\":-3.4028235e38}", "{\"floatField\":-3.4028235e+38}"},
          {"{\"reals\":[\"Infinity\",-0.0]}", "{\"reals\":[\"Infinity\",-0.0]}"},
          {"{\"doubleField\":\"inf\"}", "test.Every: double_field: must be a number"},
          {"{\"doubleField\":\"0x10\"}", "test.Every: double_field: must be a number"},
          {"{\"doubleField\":\"1e999\"}", "test.Every: double_field: must be a number"},
          {"{\"doubleField\":\"\"}", "test.Every: double_field: must be a number"},
          {"{\"doubleField\":true}", "test.Every: double_field: must be a number"},
          {"{\"floatField\":3.5e38}", "test.Every: float_field: too large for a float"},
          {"{\"floatField\":3.4028236e38}", "test.Every: float_field: too large for a float"});
}

static void what_is_out_of_range_is_refused(void **state)
{
    (void)state;
    CHECK(
        {"{\"int32Field\":2147483648}",
         "test.Every: int32_field: 2147483648 is not in -2147483648..2147483647"},
        {"{\"int32Field\":\"-2147483649\"}",
         "test.Every: int32_field: -2147483649 is not in -2147483648..2147483647"},
        {"{\"uint32Field\":-1}", "test.Every: uint32_field: -1 is not in 0..4294967295"},
        {"{\"uint64Field\":-1}", "test.Every: uint64_field: -1 is not in 0..18446744073709551615"},
        {"{\"int64Field\":\"9223372036854775808\"}",
         "test.Every: int64_field: 9223372036854775808 is not in "
         "-9223372036854775808..9223372036854775807"},
        {"{\"uint64Field\":\"18446744073709551616\"}",
         "test.Every: uint64_field: must be a whole number"},
        {"{\"int32Field\":1.5}", "test.Every: int32_field: must be a whole number"},
        {"{\"int64Field\":\" 7\"}", "test.Every: int64_field: must be a whole number"},
        {"{\"int64Field\":\"+7\"}", "test.Every: int64_field: must be a whole number"},
        {"{\"int64Field\":\"7x\"}", "test.Every: int64_field: must be a whole number"},
        {"{\"int64Field\":1e300}", "test.Every: int64_field: must be a whole number"},
        {"{\"mood\":1}", "test.Every: mood: not a value of test.Mood"},
        {"{\"mood\":4294967299}", "test.Every: mood: not a value of test.Mood"},
        {"{\"mood\":\"GOOD\"}", "test.Every: mood: not a value of test.Mood"});
}

static void what_has_the_wrong_type_is_refused(void **state)
{
    (void)state;
    CHECK({"[]", "test.Every: must be an object"},
          {"{\"text\":7}", "test.Every: text: must be a text"},
          {"{\"boolField\":1}", "test.Every: bool_field: must be true or false"},
          {"{\"data\":\"AP8\"}", "test.Every: data: must be base64 with padding"},
          {"{\"data\":7}", "test.Every: data: must be base64 with padding"},
          {"{\"inner\":\"x\"}", "test.Every: inner: must be an object"},
          {"{\"numbers\":7}", "test.Every: numbers: must be an array"},
          {"{\"numbers\":[1,null]}", "test.Every: numbers[1]: must be a whole number"},
          {"{\"texts\":[\"a\",2]}", "test.Every: texts[1]: must be a text"},
          {"{\"seenAt\":\"2026-02-29T00:00:00Z\"}",
           "test.Every: seen_at: must be a time such as 2026-11-20T10:00:00Z"},
          {"{\"seenAt\":7}", "test.Every: seen_at: must be a time such as 2026-11-20T10:00:00Z"},
          {"{\"took\":\"3.5\"}", "test.Every: took: must be a duration such as 3.5s"});
}

static void an_error_names_the_way_to_the_field(void **state)
{
    (void)state;
    CHECK({"{\"effects\":[{},{\"after\":1}]}", "test.Every: effects[1].after: unknown field"},
          {"{\"inner\":{\"inside\":{\"dailyMicros\":\"x\"}}}",
           "test.Every: inner.inside.daily_micros: must be a whole number"},
          {"{\"dailyMicros\":1}", "test.Every: dailyMicros: unknown field"},
          {"{\"choiceNumber\":1,\"choiceText\":\"\"}",
           "test.Every: choice_text: another member of its oneof is given too"},
          {"{\"choiceInner\":{\"note\":7}}", "test.Every: choice_inner.note: must be a text"},
          {"{\"int32Field\":1,\"int32_field\":1}",
           "test.Every: int32Field and int32_field are the same field"},
          {"{\"text\":1,\"text\":2}",
           "test.Every: JSON: line 1, column 16: duplicate object key near '\"text\"'"});
}

static void levels_are_counted(void **state)
{
    (void)state;
    char json[400] = "{\"inner\":";
    for (int i = 0; i < 14; i++)
        strncat(json, "{\"inside\":", sizeof json - strlen(json) - 1);
    strncat(json, "{}", sizeof json - strlen(json) - 1);
    for (int i = 0; i < 15; i++)
        strncat(json, "}", sizeof json - strlen(json) - 1);
    struct buffer text = {0};
    again(json, &text);
    assert_string_equal((const char *)text.data, json);
    buffer_clear(&text);

    char *deepest = strstr(json, "{}");
    memmove(deepest + 13, deepest + 2, strlen(deepest + 2) + 1);
    memcpy(deepest, "{\"inside\":{}}", 13);
    again(json, &text);
    assert_non_null(strstr((const char *)text.data, "inside: more than 16 levels"));
    buffer_done(&text);
}

static void maps_are_refused_both_ways(void **state)
{
    (void)state;
    struct err err = {0};
    ProtobufCMessage *message = NULL;
    assert_false(pbjson_parse(&test__mapped__descriptor, bytes_of_text("{\"counts\":{}}"), 100,
                              &message, &err));
    assert_string_equal(err.text, "test.Mapped: counts: maps are not supported");

    Test__Mapped__CountsEntry entry = TEST__MAPPED__COUNTS_ENTRY__INIT;
    Test__Mapped__CountsEntry *entries[] = {&entry};
    Test__Mapped mapped = TEST__MAPPED__INIT;
    mapped.n_counts = 1;
    mapped.counts = entries;
    struct buffer text = {0};
    assert_false(pbjson_write(&mapped.base, &text, &err));
    assert_string_equal(err.text, "test.Mapped: counts: maps are not supported");
    buffer_done(&text);
}

static void a_message_that_cannot_be_said_leaves_the_text_as_it_was(void **state)
{
    (void)state;
    struct err err = {0};
    struct buffer text = {0};
    buffer_add_text(&text, "kept");
    char broken[] = "\xc3(";
    Test__Every every = TEST__EVERY__INIT;
    every.text = broken;
    assert_false(pbjson_write(&every.base, &text, &err));
    assert_string_equal(err.text, "test.Every: text: not UTF-8");

    Google__Protobuf__Timestamp late = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    late.seconds = 253402300800;
    every = (Test__Every)TEST__EVERY__INIT;
    every.seen_at = &late;
    assert_false(pbjson_write(&every.base, &text, &err));
    assert_string_equal(err.text, "test.Every: seen_at: a time out of range");

    every = (Test__Every)TEST__EVERY__INIT;
    every.mood = (Test__Mood)5;
    assert_false(pbjson_write(&every.base, &text, &err));
    assert_string_equal(err.text, "test.Every: mood: no such value: 5");
    assert_int_equal(text.length, 4);
    buffer_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_field_survives),
        cmocka_unit_test(other_spellings_are_read_and_the_canonical_one_is_written),
        cmocka_unit_test(numbers_without_a_json_form_travel_as_text),
        cmocka_unit_test(what_is_out_of_range_is_refused),
        cmocka_unit_test(what_has_the_wrong_type_is_refused),
        cmocka_unit_test(an_error_names_the_way_to_the_field),
        cmocka_unit_test(levels_are_counted),
        cmocka_unit_test(maps_are_refused_both_ways),
        cmocka_unit_test(a_message_that_cannot_be_said_leaves_the_text_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
