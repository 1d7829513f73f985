/* fleet: every row is whole, and no two get in each other's way. */
#include "fleet.h"

#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void a_member_is_found_by_its_name(void **state)
{
    (void)state;
    assert_string_equal(fleet_find("outbox-relay")->role, "aelp_outbox_relay");
    assert_null(fleet_find("outbox"));
    assert_null(fleet_find(""));
}

static void a_filter_lies_in_the_stream_that_takes_all_of_it(void **state)
{
    (void)state;
    static const struct {
        const char *filter, *stream;
    } cases[] = {
        {"saga.proposed.>",        "SAGA"},
        {"saga.>",                 "SAGA"},
        {"saga.approved.budget.x", "SAGA"},
        {"saga.*.budget",          "SAGA"},
        {"data.landed.ga4",        "DATA"},
        {"job.mmm.>",              "JOBS"},
        {"saga",                   NULL  },
        {"sagas.proposed",         NULL  },
        {"*.proposed",             NULL  },
        {">",                      NULL  },
        {"query.audit.>",          NULL  },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct fleet_stream *stream = fleet_stream_of(cases[i].filter);
        if (cases[i].stream)
            assert_string_equal(stream->name, cases[i].stream);
        else
            assert_null(stream);
    }
}

static void a_durable_is_named_by_service_and_filter(void **state)
{
    (void)state;
    char name[FLEET_DURABLE];
    fleet_durable("guardrail-evaluator", "saga.proposed.>", name);
    assert_string_equal(name, "guardrail-evaluator_saga_proposed_all");
    fleet_durable("mmm", "data.*.x-1", name);
    assert_string_equal(name, "mmm_data_any_x-1");
}

/* What aelp-migrate and the relay make of the rows would be refused or clash otherwise. */
static void the_rows_hold_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < fleet_member_count; i++) {
        const struct fleet_member *member = &fleet_members[i];
        assert_ptr_equal(fleet_find(member->name), member);
        assert_non_null(member->help);
        if (member->role)
            assert_int_equal(strncmp(member->role, "aelp_", 5), 0);
        for (size_t k = 0; k < FLEET_HEARS_MAX && member->hears[k]; k++)
            assert_non_null(fleet_stream_of(member->hears[k]));
        for (size_t k = 0; k < FLEET_SAYS_MAX && member->emits[k]; k++) {
            assert_non_null(member->role);
            assert_non_null(fleet_stream_of(member->emits[k]));
        }
        for (size_t k = 0; k < FLEET_GRANTS_MAX && member->grants[k]; k++)
            assert_non_null(strstr(member->grants[k], " ON "));
        for (size_t k = i + 1; member->role && k < fleet_member_count; k++)
            if (fleet_members[k].role)
                assert_string_not_equal(member->role, fleet_members[k].role);
    }
}

static void only_who_checks_data_hears_what_is_unchecked(void **state)
{
    (void)state;
    for (size_t i = 0; i < fleet_member_count; i++) {
        const struct fleet_member *member = &fleet_members[i];
        bool checks = strcmp(member->name, "guardrail-evaluator") == 0, hears = false;
        for (size_t k = 0; k < FLEET_HEARS_MAX && member->hears[k]; k++)
            hears |= fleet_covers(member->hears[k], "data.landed.google");
        assert_int_equal(hears, checks);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_is_found_by_its_name),
        cmocka_unit_test(a_filter_lies_in_the_stream_that_takes_all_of_it),
        cmocka_unit_test(a_durable_is_named_by_service_and_filter),
        cmocka_unit_test(the_rows_hold_together),
        cmocka_unit_test(only_who_checks_data_hears_what_is_unchecked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
