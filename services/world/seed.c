#include "seed.h"

#include "schema.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

static const struct {
    const char *name;
    int64_t amount_micros;
    int channel, status;
} campaigns[] = {
    {"Brand US",                  120000000, CHANNEL_SEARCH,          STATUS_ENABLED},
    {"Generic running shoes",     340000000, CHANNEL_SEARCH,          STATUS_ENABLED},
    {"Generic trail shoes",       210500000, CHANNEL_SEARCH,          STATUS_ENABLED},
    {"Competitors",               75250000,  CHANNEL_SEARCH,          STATUS_ENABLED},
    {"Shopping bestsellers",      480000000, CHANNEL_SHOPPING,        STATUS_ENABLED},
    {"Shopping long tail",        95000000,  CHANNEL_SHOPPING,        STATUS_ENABLED},
    {"Performance Max prospects", 650000000, CHANNEL_PERFORMANCE_MAX, STATUS_ENABLED},
    {"Performance Max returning", 155000000, CHANNEL_PERFORMANCE_MAX, STATUS_ENABLED},
    {"Trail club retargeting",    50000000,  CHANNEL_SEARCH,          STATUS_ENABLED},
    {"YouTube reach",             230000000, CHANNEL_VIDEO,           STATUS_ENABLED},
    {"YouTube action",            88880000,  CHANNEL_VIDEO,           STATUS_ENABLED},
    {"Winter clearance",          42000000,  CHANNEL_SEARCH,          STATUS_PAUSED },
};

static const int64_t shared_micros = 180000000;
static const int64_t first_day = 19724; /* 2024-01-02 */
static const int standard = 2, daily = 2, not_political = 3;

static int64_t add_budget(struct account *account, const char *name, int64_t amount_micros,
                          bool shared)
{
    struct budget budget = {
        .name = account_keep_text(account, name),
        .amount_micros = amount_micros,
        .status = STATUS_ENABLED,
        .delivery_method = standard,
        .period = daily,
        .type = standard,
        .explicitly_shared = shared,
    };
    return account_add_budget(account, &budget)->id;
}

static void add_campaign(struct account *account, const char *name, int64_t budget_id, int channel,
                         int status)
{
    struct campaign campaign = {
        .name = account_keep_text(account, name),
        .budget_id = budget_id,
        .status = status,
        .channel = channel,
        .political = not_political,
        .start_day = first_day,
    };
    account_add_campaign(account, &campaign);
    account_budget(account, budget_id)->reference_count++;
}

struct customer seed_customer(void)
{
    return (struct customer){
        .id = SEED_CUSTOMER_ID,
        .name = "Demo shop",
        .currency = "USD",
        .zone = ZONE_NEW_YORK,
        .unit_micros = 10000,
        .test_account = true,
        .status = STATUS_ENABLED,
    };
}

struct account *seed_account(void)
{
    struct customer customer = seed_customer();
    struct account *account = account_new(&customer);
    for (size_t i = 0; i < COUNT(campaigns); i++)
        add_campaign(account, campaigns[i].name,
                     add_budget(account, campaigns[i].name, campaigns[i].amount_micros, false),
                     campaigns[i].channel, campaigns[i].status);
    int64_t shared = add_budget(account, "Shared seasonal", shared_micros, true);
    add_campaign(account, "Seasonal search", shared, CHANNEL_SEARCH, STATUS_ENABLED);
    add_campaign(account, "Seasonal shopping", shared, CHANNEL_SHOPPING, STATUS_ENABLED);
    return account;
}

void seed_add_budgets(struct account *account, uint64_t seed, int64_t count)
{
    assert(count >= 0 && count <= SEED_BUDGETS_MAX);
    for (int64_t i = 1; i <= count; i++) {
        char name[40];
        snprintf(name, sizeof name, "Load %" PRId64, i);
        uint64_t draw = (seed * 0x9E3779B97F4A7C15u + (uint64_t)i) * 0xBF58476D1CE4E5B9u >> 40;
        int64_t amount_micros = (int64_t)(1000 + draw % 49000) * 10000;
        add_campaign(account, name, add_budget(account, name, amount_micros, false), CHANNEL_SEARCH,
                     STATUS_ENABLED);
    }
}
