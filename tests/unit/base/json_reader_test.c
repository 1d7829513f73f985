/* json_reader: held to jansson on random documents and on broken ones, and by hand where the two
 * differ. */
#include "json_reader.h"

#include "json.h"

#include "http/checks.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct arena *arena;

static int open_arena(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* splitmix64. */
static uint64_t draw(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static json_t *random_text(uint64_t *seed)
{
    static const char *const pieces[] = {"a",
                                         "campaign \"Brand\"",
                                         "\\",
                                         "/",
                                         "\n\t\x01",
                                         "\x7f",
                                         "\xc3\xa9",
                                         "\xe2\x82\xac",
                                         "\xf0\x9f\x98\x80",
                                         "plain plain plain plain",
                                         " ",
                                         "9"};
    struct buffer text = {0};
    buffer_add_text(&text, "");
    for (uint64_t left = draw(seed) % 5; left > 0; left--)
        buffer_add_text(&text, pieces[draw(seed) % COUNT(pieces)]);
    json_t *json = json_stringn((const char *)text.data, text.length);
    buffer_done(&text);
    return json;
}

static json_t *random_value(uint64_t *seed, int depth)
{
    char name[16];
    json_t *json = NULL;
    switch (draw(seed) % (depth > 0 ? 9 : 6)) {
    case 0:
        return json_null();
    case 1:
        return json_boolean(draw(seed) % 2);
    case 2:
        return json_integer((json_int_t)(draw(seed) >> draw(seed) % 64));
    case 3:
        return json_real(((double)draw(seed) - 9e18) * pow(10, (double)(draw(seed) % 40) - 30));
    case 4:
    case 5:
        return random_text(seed);
    case 6:
    case 7:
        json = json_array();
        for (uint64_t left = draw(seed) % 5; left > 0; left--)
            json_array_append_new(json, random_value(seed, depth - 1));
        return json;
    default:
        json = json_object();
        for (uint64_t left = draw(seed) % 5; left > 0; left--) {
            snprintf(name, sizeof name, "n%d\"", (int)(draw(seed) % 9));
            json_object_set_new(json, name, random_value(seed, depth - 1));
        }
        return json;
    }
}

/* As jansson does it; NULL, and the reader failed, when it doesn't fit. */
static json_t *number_of(struct json_reader *reader)
{
    struct bytes written = json_reader_number(reader);
    if (reader->failure)
        return NULL;
    const char *text = arena_text(arena, (const char *)written.data, written.length);
    bool whole = !strpbrk(text, ".eE");
    errno = 0;
    json_t *json = whole ? json_integer(strtoll(text, NULL, 10)) : json_real(strtod(text, NULL));
    if (whole ? errno == ERANGE : !json)
        json_reader_fail(reader, "too big a number");
    return json;
}

/* The tree that a walk gives. */
static json_t *walk(struct json_reader *reader)
{
    struct bytes text;
    json_t *json = NULL, *value = NULL;
    switch (json_reader_next(reader)) {
    case JSON_NEXT_OBJECT:
        json = json_object();
        if (json_reader_object(reader))
            while (json_reader_member(reader, &text)) {
                value = walk(reader);
                json_object_setn_new(json, (const char *)text.data, text.length, value);
            }
        return json;
    case JSON_NEXT_ARRAY:
        json = json_array();
        if (json_reader_array(reader))
            while (json_reader_item(reader)) {
                value = walk(reader);
                json_array_append_new(json, value);
            }
        return json;
    case JSON_NEXT_TEXT:
        text = json_reader_text(reader);
        return reader->failure ? NULL : json_stringn((const char *)text.data, text.length);
    case JSON_NEXT_NUMBER:
        return number_of(reader);
    case JSON_NEXT_TRUE:
    case JSON_NEXT_FALSE:
        return json_boolean(json_reader_bool(reader));
    default:
        json_reader_skip(reader);
        return json_null();
    }
}

/* Both take it and see the same, or both refuse it. */
static bool agree(struct bytes text)
{
    json_error_t error;
    struct err err = {0};
    struct json_reader reader = json_reader_of(text, arena);
    json_t *theirs = json_loadb((const char *)text.data, text.length, JSON_DECODE_ANY, &error);
    json_t *ours = walk(&reader);
    bool taken = json_reader_end(&reader, &err);
    bool same = taken == (theirs != NULL) && (!taken || json_equal(ours, theirs));

    struct json_reader skipper = json_reader_of(text, arena);
    json_reader_skip(&skipper);
    struct err skip_err = {0};
    bool skipped = json_reader_end(&skipper, &skip_err);
    same = same && (skipped || !taken);
    assert_true(taken || err.kind == ERR_REJECT);
    json_decref(ours);
    json_decref(theirs);
    return same;
}

static void write_random(uint64_t *seed, struct buffer *text)
{
    static const size_t flags[] = {JSON_COMPACT, JSON_INDENT(3), JSON_ENSURE_ASCII,
                                   JSON_ESCAPE_SLASH | JSON_ENSURE_ASCII | JSON_INDENT(1)};
    json_t *json = json_array();
    for (uint64_t left = draw(seed) % 8; left > 0; left--)
        json_array_append_new(json, random_value(seed, 6));
    char *written = json_dumps(json, flags[draw(seed) % COUNT(flags)]);
    buffer_clear(text);
    buffer_add_text(text, written);
    mem_free(written);
    json_decref(json);
}

static void random_documents_are_read_as_jansson_reads_them(void **state)
{
    struct buffer text = {0};
    uint64_t seed = 4650;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        write_random(&seed, &text);
        if (!agree(buffer_view(&text)))
            fail_msg("document %d: %s", i, (const char *)text.data);
        arena_reset(arena);
    }
    buffer_done(&text);
}

static void broken_documents_are_refused_where_jansson_refuses_them(void **state)
{
    /* No NUL: jansson passes over one behind a number. */
    static const char bytes[] = "{}[]\",:\\u0d8e-+.1tfn \n\x01\x80\xc3\xff";
    struct buffer text = {0};
    uint64_t seed = 730000000;
    int refused = 0;
    (void)state;
    for (int i = 0; i < 40000; i++) {
        write_random(&seed, &text);
        for (uint64_t hits = 1 + draw(&seed) % 3; hits > 0 && text.length > 0; hits--)
            text.data[draw(&seed) % text.length] = (uint8_t)bytes[draw(&seed) % (sizeof bytes - 1)];
        if (draw(&seed) % 4 == 0)
            text.length = draw(&seed) % (text.length + 1);
        struct json_reader reader = json_reader_of(buffer_view(&text), arena);
        struct err err = {0};
        json_reader_skip(&reader);
        refused += !json_reader_end(&reader, &err);
        if (!agree(buffer_view(&text)))
            fail_msg("document %d: %.*s", i, (int)text.length, (const char *)text.data);
        arena_reset(arena);
    }
    assert_in_range(refused, 10000, 39999);
    buffer_done(&text);
}

static void each_rule_of_the_grammar_is_kept(void **state)
{
    static const struct {
        const char *text, *said; /* NULL: it is good */
    } cases[] = {
        {" [1, -0.5e+3, \"\\ud83d\\ude00\"] ", NULL                            },
        {"",                                   "a value was expected"          },
        {"[1,]",                               "a value was expected"          },
        {"[,1]",                               "a value was expected"          },
        {"[1 2]",                              "a comma or the closing bracket"},
        {"[1}",                                "a comma or the closing bracket"},
        {"{\"a\" 1}",                          "a colon"                       },
        {"{\"a\":1,}",                         "a text was expected"           },
        {"{a:1}",                              "a text was expected"           },
        {"[01]",                               "a comma or the closing bracket"},
        {"[1.]",                               "a number"                      },
        {"[1e]",                               "a number"                      },
        {"[+1]",                               "a value was expected"          },
        {"[nulll]",                            "a comma or the closing bracket"},
        {"[nul]",                              "a value was expected"          },
        {"[NaN]",                              "a value was expected"          },
        {"[\"\\u0000\"]",                      "a malformed escape"            },
        {"[\"\\ud800\"]",                      "a malformed escape"            },
        {"[\"\\udc00\"]",                      "a malformed escape"            },
        {"[\"\\x\"]",                          "a malformed escape"            },
        {"[\"a\nb\"]",                         "a control byte"                },
        {"[\"\xc0\x80\"]",                     "not UTF-8"                     },
        {"[\"\xed\xa0\x80\"]",                 "not UTF-8"                     },
        {"[\"abc",                             "it breaks off"                 },
        {"[\"abc\\",                           "it breaks off"                 },
        {"[1",                                 "it breaks off"                 },
        {"[1\x01]",                            "a comma or the closing bracket"},
        {"[1] x",                              "more behind the end"           },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct json_reader reader = json_reader_of(bytes_of_text(cases[i].text), arena);
        struct err err = {0};
        json_reader_skip(&reader);
        bool taken = json_reader_end(&reader, &err);
        if (taken != !cases[i].said || (!taken && !strstr(err.text, cases[i].said)))
            fail_msg("%s: %s", cases[i].text, err.text);
    }
}

static void depth_has_a_limit(void **state)
{
    char text[2 * (JSON_READER_DEPTH_MAX + 1) + 1] = "";
    (void)state;
    for (size_t depth = JSON_READER_DEPTH_MAX; depth <= JSON_READER_DEPTH_MAX + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        struct json_reader reader = json_reader_of(bytes_of(text, 2 * depth), arena);
        struct err err = {0};
        json_reader_skip(&reader);
        assert_int_equal(json_reader_end(&reader, &err), depth == JSON_READER_DEPTH_MAX);
    }
}

static void texts_are_borrowed_unless_they_were_escaped(void **state)
{
    static const char text[] = "[\"caf\xc3\xa9 and more of it\",\"a\\/\\u00e9\"]";
    struct json_reader reader = json_reader_of(bytes_of_text(text), arena);
    struct err err = {0};
    (void)state;
    assert_true(json_reader_array(&reader));
    assert_true(json_reader_item(&reader));
    assert_ptr_equal(json_reader_text(&reader).data, text + 2);
    assert_true(json_reader_item(&reader));
    assert_true(bytes_equal(json_reader_text(&reader), bytes_of_text("a/\xc3\xa9")));
    assert_false(json_reader_item(&reader));
    assert_true(json_reader_end(&reader, &err));
}

static void the_first_failure_is_told_with_its_byte(void **state)
{
    struct json_reader reader = json_reader_of(bytes_of_text("{\"id\":[1]}"), arena);
    struct bytes name;
    struct err err = {0};
    (void)state;
    assert_true(json_reader_object(&reader));
    assert_true(json_reader_member(&reader, &name));
    json_reader_fail(&reader, "id: not a number");
    assert_int_equal(json_reader_next(&reader), JSON_NEXT_NOTHING);
    assert_false(json_reader_member(&reader, &name));
    assert_false(json_reader_end(&reader, &err));
    assert_string_equal(err.text, "JSON: byte 6: id: not a number");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(random_documents_are_read_as_jansson_reads_them),
        CASE(broken_documents_are_refused_where_jansson_refuses_them),
        CASE(each_rule_of_the_grammar_is_kept),
        CASE(depth_has_a_limit),
        CASE(texts_are_borrowed_unless_they_were_escaped),
        CASE(the_first_failure_is_told_with_its_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
