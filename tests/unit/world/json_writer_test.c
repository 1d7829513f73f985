/* json_writer: what it writes, a JSON reader reads back as it was. */
#include "json_writer.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_byte_of_a_text_comes_back(void **state)
{
    struct buffer out = {0};
    struct json_writer writer = {.out = &out};
    char text[128] = "\"\\/ caf\xc3\xa9 \xf0\x9f\x91\x9f";
    size_t length = strlen(text);
    (void)state;
    for (char c = 1; c < 0x20; c++)
        text[length++] = c;
    text[length] = '\0';
    writer_open(&writer, '[');
    writer_text(&writer, text);
    writer_close(&writer, ']');
    json_t *json = json_loadb((const char *)out.data, out.length, 0, NULL);
    assert_non_null(json);
    assert_string_equal(json_string_value(json_array_get(json, 0)), text);
    json_decref(json);
    buffer_done(&out);
}

static void commas_stand_between_members_only(void **state)
{
    struct buffer out = {0};
    struct json_writer writer = {.out = &out};
    (void)state;
    writer_open(&writer, '{');
    writer_camel_key(&writer, "amount_micros");
    writer_int64(&writer, INT64_MIN);
    writer_key(&writer, "list");
    writer_open(&writer, '[');
    writer_open(&writer, '{');
    writer_close(&writer, '}');
    writer_bool(&writer, false);
    writer_number(&writer, 7);
    writer_close(&writer, ']');
    writer_key(&writer, "rate");
    writer_real(&writer, 0.1);
    writer_key(&writer, "third");
    writer_real(&writer, 1.0 / 3);
    writer_close(&writer, '}');
    assert_string_equal((const char *)out.data,
                        "{\"amountMicros\":\"-9223372036854775808\","
                        "\"list\":[{},false,7],\"rate\":0.1,\"third\":0.33333333333333331}");
    buffer_done(&out);
}

static void snake_becomes_camel_in_each_part(void **state)
{
    struct buffer out = {0};
    (void)state;
    buffer_add_camel(&out, "campaign_budget.amount_micros,id,a_b_c");
    assert_string_equal((const char *)out.data, "campaignBudget.amountMicros,id,aBC");
    buffer_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_of_a_text_comes_back),
        cmocka_unit_test(commas_stand_between_members_only),
        cmocka_unit_test(snake_becomes_camel_in_each_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
