/* config: presets are whole, JSON brings a config back as it was, and nonsense is refused by name.
 */
#include "market_config.h"

#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const presets[] = {"tiny", "quiet", "demo", "drift", "adversarial"};

static void every_preset_holds_and_survives_json(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(presets); i++) {
        struct err err = {0};
        struct market_config *config = mem_new(sizeof *config), *back = mem_new(sizeof *back);
        assert_true(market_preset(presets[i], config, &err));
        assert_true(market_config_check(config, &err));
        OWNED(json_t) *json = market_config_write(config);
        if (!market_config_read(json, back, &err))
            fail_msg("%s: %s", presets[i], err.text);
        assert_memory_equal(config, back, sizeof *config);
        mem_free(config);
        mem_free(back);
    }
}

static void a_document_changes_what_it_names(void **state)
{
    (void)state;
    struct err err = {0};
    struct market_config *config = mem_new(sizeof *config);
    OWNED(json_t) *json = json_pack("{s:s,s:i,s:[{s:s,s:I}]}", "preset", "tiny", "geos", 73,
                                    "budget", "name", "only", "micros_day", (json_int_t)730000000);
    assert_false(market_config_read(json, config, &err)); /* its campaigns name other budgets */
    assert_non_null(strstr(err.text, "no such channel or budget"));
    json_object_del(json, "budget");
    assert_true(market_config_read(json, config, &err));
    assert_int_equal(config->geos, 73);
    assert_int_equal(config->campaigns, 3);
    mem_free(config);
}

static void nonsense_is_refused_by_name(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"{\"preset\":\"huge\"}",                                                                   "no preset huge"              },
        {"{\"preset\":7}",                                                                          "preset"                      },
        {"{\"preset\":\"tiny\",\"colour\":1}",                                                      "colour"                      },
        {"{\"preset\":\"tiny\",\"geos\":0}",                                                        "geos"                        },
        {"{\"preset\":\"tiny\",\"geos\":211}",                                                      "geos"                        },
        {"{\"preset\":\"tiny\",\"geos\":4.5}",                                                      "geos"                        },
        {"{\"preset\":\"tiny\",\"noise_memory\":1}",                                                "noise_memory"                },
        {"{\"preset\":\"tiny\",\"noise_sd\":\"x\"}",                                                "noise_sd"                    },
        {"{\"preset\":\"tiny\",\"weekday\":[1,2,3,4,5,6,7,8]}",                                     "weekday"                     },
        {"{\"preset\":\"tiny\",\"hour\":[24,1]}",                                                   "hour sums to 25"             },
        {"{\"preset\":\"tiny\",\"form\":\"magic\"}",                                                "form"                        },
        {"{\"preset\":\"tiny\",\"campaign\":[]}",                                                   "campaign is empty"           },
        {"{\"preset\":\"tiny\",\"campaign\":[{\"channel\":-1}]}",                                   "campaign[0]: market: channel"},
        {"{\"preset\":\"tiny\",\"channel\":[{\"slope\":\"steep\"}]}",                               "slope"                       },
        {"{\"preset\":\"tiny\",\"event\":[{\"kind\":\"flood\"}]}",                                  "kind"                        },
        {"{\"preset\":\"tiny\",\"ad\":[{\"campaign\":99}]}",                                        "ad[0]"                       },
        {"{\"preset\":\"tiny\",\"name\":\"a name of far more letters than a name may have here\"}",
         "name"                                                                                                                   },
        {"{}",                                                                                      "pool_people"                 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct err err = {0};
        struct market_config *config = mem_new(sizeof *config);
        OWNED(json_t) *json = json_loads(cases[i].text, 0, NULL);
        assert_non_null(json);
        if (market_config_read(json, config, &err))
            fail_msg("taken: %s", cases[i].text);
        assert_int_equal(err.kind, ERR_REJECT);
        if (!strstr(err.text, cases[i].says))
            fail_msg("%s: %s", cases[i].text, err.text);
        mem_free(config);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_preset_holds_and_survives_json),
        cmocka_unit_test(a_document_changes_what_it_names),
        cmocka_unit_test(nonsense_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
