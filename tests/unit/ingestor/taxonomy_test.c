/* Names say what their words say, the longest phrase first; what is unclear is not guessed. */
#include "taxonomy.h"

#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char words[] =
    "{\"brand\":{\"brand\":[\"brand\"],\"non-brand\":[\"Non-Brand\",\"generic\"]},"
    "\"funnel\":{\"reach\":[\"brand awareness\"],\"retargeting\":[\"rmkt\"]},"
    "\"market\":{\"us\":[\"us\"],\"de\":[\"de\",\"düsseldorf\"]}}";

static struct taxonomy *known(void)
{
    struct err err = {0};
    struct taxonomy *taxonomy = taxonomy_new(bytes_of(words, sizeof words - 1), &err);
    assert_non_null(taxonomy);
    return taxonomy;
}

static void says(const char *name, const char *brand, const char *funnel, const char *market)
{
    struct taxonomy *taxonomy = known();
    struct taxonomy_tags tags;
    const char *wanted[TAXONOMY_DIMENSIONS] = {
        [TAXONOMY_BRAND] = brand, [TAXONOMY_FUNNEL] = funnel, [TAXONOMY_MARKET] = market};
    taxonomy_parse(taxonomy, name, &tags);
    for (size_t d = 0; d < TAXONOMY_DIMENSIONS; d++) {
        if (!wanted[d])
            assert_null(tags.value[d]);
        else
            assert_string_equal(tags.value[d], wanted[d]);
    }
    taxonomy_free(taxonomy);
}

static void words_in_any_case_and_punctuation_are_found(void **state)
{
    (void)state;
    says("US | BRAND_RMKT", "brand", "retargeting", "us");
    says("Generic running shoes", "non-brand", NULL, NULL);
    says("us-düsseldorf? no: two", NULL, NULL, NULL);
    says("Düsseldorf", NULL, NULL, "de");
    says("", NULL, NULL, NULL);
    says("branding, busy, demand", NULL, NULL, NULL);
}

static void the_longest_phrase_counts(void **state)
{
    (void)state;
    says("non-brand US", "non-brand", NULL, "us");
    says("Brand Awareness DE", NULL, "reach", "de");
    says("brand, then Brand Awareness", "brand", "reach", NULL);
}

static void two_values_are_none_unless_one_is_said_outright(void **state)
{
    (void)state;
    says("brand generic", NULL, NULL, NULL);
    says("brand:generic brand", "non-brand", NULL, NULL);
    says("generic brand=brand", "brand", NULL, NULL);
    says("market:us market:de", NULL, NULL, NULL);
    says("funnel:unknown us", NULL, NULL, "us");
}

static void a_long_name_is_read_as_far_as_it_goes(void **state)
{
    char name[4096];
    (void)state;
    memset(name, 'x', sizeof name);
    memcpy(name, "us ", 3);
    name[sizeof name - 1] = '\0';
    says(name, NULL, NULL, "us");
    for (size_t i = 0; i < sizeof name - 1; i++)
        name[i] = i % 2 ? ' ' : 'x';
    says(name, NULL, NULL, NULL);
}

/* taxonomy.json as it is shipped. */
static void the_shipped_words_are_taken_and_read_the_usual_names(void **state)
{
    static char text[64 * 1024];
    struct taxonomy_tags tags;
    struct err err = {0};
    (void)state;
    FILE *file = fopen(TEST_SOURCE_DIR "/../../../services/ingestor/taxonomy.json", "re");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text, file);
    fclose(file);
    struct taxonomy *taxonomy = taxonomy_new(bytes_of(text, length), &err);
    if (!taxonomy)
        fail_msg("%s", err.text);
    taxonomy_parse(taxonomy, "US | Non-Brand | Prospecting | LAL 1% | reviews", &tags);
    assert_string_equal(tags.value[TAXONOMY_MARKET], "us");
    assert_string_equal(tags.value[TAXONOMY_BRAND], "non-brand");
    assert_string_equal(tags.value[TAXONOMY_FUNNEL], "prospecting");
    assert_string_equal(tags.value[TAXONOMY_AUDIENCE], "lookalike");
    assert_string_equal(tags.value[TAXONOMY_ANGLE], "social proof");
    taxonomy_free(taxonomy);
}

static void what_is_wrong_is_named(void **state)
{
    static const struct {
        const char *json, *named;
    } cases[] = {
        {"[]",                                                    "object"        },
        {"{\"colour\":{\"red\":[\"red\"]}}",                      "colour"        },
        {"{\"brand\":{\"\":[\"x\"]}}",                            "brand."        },
        {"{\"brand\":{\"brand\":[]}}",                            "brand.brand"   },
        {"{\"brand\":{\"brand\":[7]}}",                           "brand.brand[0]"},
        {"{\"brand\":{\"brand\":[\"a b c d\"]}}",                 "brand.brand[0]"},
        {"{\"brand\":{\"brand\":[\"x\"],\"non-brand\":[\"X\"]}}", "'x'"           },
        {"{\"brand\":",                                           ""              },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct err err = {0};
        assert_null(taxonomy_new(bytes_of(cases[i].json, strlen(cases[i].json)), &err));
        assert_int_equal(err.kind, ERR_REJECT);
        assert_non_null(strstr(err.text, cases[i].named));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_in_any_case_and_punctuation_are_found),
        cmocka_unit_test(the_longest_phrase_counts),
        cmocka_unit_test(two_values_are_none_unless_one_is_said_outright),
        cmocka_unit_test(a_long_name_is_read_as_far_as_it_goes),
        cmocka_unit_test(the_shipped_words_are_taken_and_read_the_usual_names),
        cmocka_unit_test(what_is_wrong_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
