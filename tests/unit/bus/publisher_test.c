/* publisher: what a JetStream answer says about a publication. */
#include "publisher.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool stored(const char *text)
{
    struct publisher_answer answer = {.stored = true};
    publisher_read(bytes_of_text(text), &answer);
    assert_int_equal(answer.stored, answer.reason[0] == '\0');
    return answer.stored;
}

static void a_sequence_means_stored_also_when_it_was_there_before(void **state)
{
    (void)state;
    assert_true(stored("{\"stream\":\"SAGA\", \"seq\":4650}"));
    assert_true(stored("{\"stream\":\"SAGA\",\"seq\":1,\"duplicate\":true}"));
    assert_true(stored("{\"stream\":\"error\",\"domain\":\"hub\",\"seq\":730}"));
}

static void an_error_or_anything_else_is_not_stored(void **state)
{
    (void)state;
    assert_false(stored("{\"error\":{\"code\":400,\"err_code\":10071,\"description\":\"wrong last "
                        "sequence: 1\"},\"stream\":\"SAGA\",\"seq\":0}"));
    assert_false(stored("{\"stream\":\"SAGA\"}"));
    assert_false(stored(""));
    assert_false(stored("-ERR"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sequence_means_stored_also_when_it_was_there_before),
        cmocka_unit_test(an_error_or_anything_else_is_not_stored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
