/* Whatever goes in, one valid JSON line of at most PIPE_BUF comes out. */
#include "json.h"
#include "log.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* stderr goes into a pipe while a line is written; the line is left in caught. */
static char caught[2 * PIPE_BUF];

static void catch_line(enum log_level level, const char *message, const struct log_field fields[])
{
    int ends[2];
    int kept = dup(STDERR_FILENO);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    log_write(level, message, fields);
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(ends[1]);
    ssize_t length = read(ends[0], caught, sizeof caught - 1);
    assert_true(length >= 0);
    caught[length] = '\0';
    close(ends[0]);
}

/* The caught line as JSON; the caller releases it. */
static json_t *line_json(void)
{
    size_t length = strlen(caught);
    assert_true(length > 0 && length <= PIPE_BUF);
    assert_ptr_equal(strchr(caught, '\n'), caught + length - 1);
    json_t *line = json_loads(caught, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(line);
    return line;
}

static const char *text_of(const json_t *line, const char *name)
{
    const char *text = json_string_value(json_object_get(line, name));
    assert_non_null(text);
    return text;
}

static void a_line_says_when_who_what_and_the_fields(void **state)
{
    (void)state;
    log_open("pacing");
    log_context("saga.proposed.budget", "m-1", "s-7");
    catch_line(LOG_WARN, "refused",
               LOG_FIELDS(LOG_TEXT("cap", "daily"), LOG_INT("micros", -730000000),
                          LOG_REAL("share", 0.05)));
    log_context(NULL, NULL, NULL);
    const char *after_time = strchr(caught, ',');
    assert_string_equal(
        after_time,
        ",\"level\":\"warn\",\"service\":\"pacing\",\"subject\":\"saga.proposed.budget\","
        "\"message_id\":\"m-1\",\"saga\":\"s-7\",\"msg\":\"refused\",\"cap\":\"daily\","
        "\"micros\":-730000000,\"share\":0.05}\n");
    assert_memory_equal(caught, "{\"time\":\"20", 11);
}

static void broken_utf8_and_control_bytes_come_out_as_valid_json(void **state)
{
    (void)state;
    catch_line(LOG_ERROR, "a\"b\\c\n\x01\x7f\xff\xc3(\xe2\x82",
               LOG_FIELDS(LOG_TEXT("é", "é\xf0\x9f\x98\x80"), LOG_TEXT("none", NULL)));
    json_t *line = line_json();
    assert_string_equal(text_of(line, "msg"),
                        "a\"b\\c\n\x01\x7f\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd");
    assert_string_equal(text_of(line, "é"), "é\xf0\x9f\x98\x80");
    assert_string_equal(text_of(line, "none"), "");
    json_decref(line);
}

static void every_byte_is_safe_in_a_text(void **state)
{
    (void)state;
    for (int byte = 1; byte < 256; byte++) {
        const char message[] = {'x', (char)byte, 'y', '\0'};
        catch_line(LOG_INFO, message, LOG_FIELDS(LOG_INT("byte", byte)));
        json_t *line = line_json();
        const char *text = text_of(line, "msg");
        if (byte < 128)
            assert_string_equal(text, message);
        else
            assert_string_equal(text, "x\xef\xbf\xbdy");
        json_decref(line);
    }
}

static void numbers_json_cannot_say_become_text(void **state)
{
    (void)state;
    double zero = 0;
    catch_line(
        LOG_INFO, "m",
        LOG_FIELDS(LOG_REAL("inf", 1 / zero), LOG_REAL("large", 1e300), LOG_INT("min", INT64_MIN)));
    json_t *line = line_json();
    assert_string_equal(text_of(line, "inf"), "inf");
    assert_true(json_real_value(json_object_get(line, "large")) > 9e299);
    assert_int_equal(json_integer_value(json_object_get(line, "min")), INT64_MIN);
    json_decref(line);
}

static void what_does_not_fit_is_cut_and_the_line_says_so(void **state)
{
    (void)state;
    char longer[10001];
    for (size_t i = 0; i < 10000; i++)
        longer[i] = i % 2 ? '\xa9' : '\xc3';
    longer[10000] = '\0';
    catch_line(LOG_INFO, longer, LOG_FIELDS(LOG_INT("n", 4650)));
    json_t *line = line_json();
    const char *text = text_of(line, "msg");
    assert_in_range(strlen(text), 1000, 1040);
    assert_string_equal(text + strlen(text) - 3, "...");
    assert_null(json_object_get(line, "cut"));
    json_decref(line);

    catch_line(LOG_INFO, longer,
               LOG_FIELDS(LOG_TEXT("a", longer), LOG_TEXT("b", longer), LOG_TEXT("c", longer),
                          LOG_TEXT("d", longer), LOG_INT("n", 4650)));
    line = line_json();
    assert_true(json_is_true(json_object_get(line, "cut")));
    assert_null(json_object_get(line, "d"));
    assert_int_equal(json_integer_value(json_object_get(line, "n")), 4650);
    json_decref(line);
}

static void the_level_comes_from_the_environment(void **state)
{
    (void)state;
    static const struct {
        const char *setting;
        enum log_level lowest;
    } cases[] = {
        {"debug",    LOG_DEBUG},
        {"info",     LOG_INFO },
        {"warn",     LOG_WARN },
        {"error",    LOG_ERROR},
        {"nonsense", LOG_INFO },
        {"",         LOG_INFO },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        setenv("AELP2_LOG", cases[i].setting, 1);
        log_open("pacing");
        for (enum log_level level = LOG_DEBUG; level <= LOG_ERROR; level++) {
            catch_line(level, "m", LOG_FIELDS());
            assert_int_equal(caught[0] != '\0', level >= cases[i].lowest);
        }
    }
    unsetenv("AELP2_LOG");
    log_open("pacing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_says_when_who_what_and_the_fields),
        cmocka_unit_test(broken_utf8_and_control_bytes_come_out_as_valid_json),
        cmocka_unit_test(every_byte_is_safe_in_a_text),
        cmocka_unit_test(numbers_json_cannot_say_become_text),
        cmocka_unit_test(what_does_not_fit_is_cut_and_the_line_says_so),
        cmocka_unit_test(the_level_comes_from_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
