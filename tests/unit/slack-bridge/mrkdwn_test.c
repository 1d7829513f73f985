/* mrkdwn: nothing of others' text is read by Slack as its own, and no character is cut in two. */
#include "mrkdwn.h"

#include "mem.h"
#include "utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void expect(const char *text, size_t chars_max, const char *wanted)
{
    struct buffer out = {0};
    buffer_add_text(&out, "|");
    mrkdwn_add(&out, text, chars_max);
    buffer_add_text(&out, "|");
    assert_memory_equal(out.data + 1, wanted, strlen(wanted));
    assert_int_equal(out.length, strlen(wanted) + 2);
    buffer_done(&out);
}

static void what_slack_reads_is_escaped(void **state)
{
    (void)state;
    expect("a & b <!channel> <@U1>", 100, "a &amp; b &lt;!channel&gt; &lt;@U1&gt;");
    expect("&amp;", 100, "&amp;amp;");
}

static void the_cut_falls_between_characters_and_counts_what_is_sent(void **state)
{
    (void)state;
    expect("äöüß", 4, "äöüß");
    expect("äöüßé", 4, "äöü…");
    expect("a→b😀c", 5, "a→b😀c");
    expect("a→b😀cd", 5, "a→b😀…");
    expect("1234567<", 8, "1234567…");
    expect("1234<", 8, "1234&lt;");
    expect("12345<6", 8, "12345…");
    expect("<<<", 1, "…");
    expect("", 1, "");
}

static void broken_utf8_is_shown_as_question_marks(void **state)
{
    (void)state;
    expect("a\xff\xc3", 10, "a??");
    expect("\xed\xa0\x80", 10, "???");
}

static void any_limit_gives_valid_utf8_within_it(void **state)
{
    static const char text[] = "Größe <b> & 😀 → ende";
    (void)state;
    for (size_t max = 1; max < 60; max++) {
        struct buffer out = {0};
        mrkdwn_add(&out, text, max);
        size_t chars = 0;
        for (size_t i = 0; i < out.length; i++)
            chars += (out.data[i] & 0xC0) != 0x80;
        assert_true(utf8_valid(buffer_view(&out)));
        assert_true(chars <= max);
        buffer_done(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_slack_reads_is_escaped),
        cmocka_unit_test(the_cut_falls_between_characters_and_counts_what_is_sent),
        cmocka_unit_test(broken_utf8_is_shown_as_question_marks),
        cmocka_unit_test(any_limit_gives_valid_utf8_within_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
