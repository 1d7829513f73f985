#include "stage_account.h"

#include "seed.h"

#include <stdlib.h>
#include <string.h>

/* What a word in a campaign's or its channel's name says about it; search when none does. */
static const struct {
    const char *word;
    int channel, ad_group_type, ad_type;
} kinds[] = {
    {"pmax",     CHANNEL_PERFORMANCE_MAX, 0,  0 },
    {"youtube",  CHANNEL_VIDEO,           16, 30},
    {"video",    CHANNEL_VIDEO,           16, 30},
    {"shopping", CHANNEL_SHOPPING,        4,  10},
    {"",         CHANNEL_SEARCH,          2,  15},
};

static const int standard = 2, daily = 2, not_political = 3;
static const int approved = 4, reviewed = 3;

static size_t kind_of(const struct market_config *config,
                      const struct market_campaign_config *campaign)
{
    size_t i = 0;
    while (!strcasestr(campaign->name, kinds[i].word)
           && !strcasestr(config->channel[campaign->channel].name, kinds[i].word))
        i++;
    return i;
}

static bool is_google(const struct market_config *config, int campaign)
{
    return config->channel[config->campaign[campaign].channel].platform == MARKET_GOOGLE;
}

/* The account's id of that budget, made when it is first met. */
static int64_t budget_of(struct stage *stage, struct account *account,
                         const struct market_config *config, int budget)
{
    for (size_t i = 0; i < stage->budget_count; i++)
        if (stage->budget[i] == budget)
            return account->budgets[i].id;
    struct budget made = {
        .name = account_keep_text(account, config->budget[budget].name),
        .amount_micros = config->budget[budget].micros_day,
        .status = STATUS_ENABLED,
        .delivery_method = standard,
        .period = daily,
        .type = standard,
    };
    stage->budget[stage->budget_count++] = budget;
    return account_add_budget(account, &made)->id;
}

static struct campaign *add_campaign(struct stage *stage, struct account *account,
                                     const struct market_config *config, int index)
{
    const struct market_campaign_config *campaign = &config->campaign[index];
    int64_t budget_id = budget_of(stage, account, config, campaign->budget);
    struct budget *budget = account_budget(account, budget_id);
    struct campaign made = {
        .name = account_keep_text(account, campaign->name),
        .budget_id = budget_id,
        .status = campaign->paused ? STATUS_PAUSED : STATUS_ENABLED,
        .channel = kinds[kind_of(config, campaign)].channel,
        .political = not_political,
        .start_day = stage->start_day,
    };
    budget->explicitly_shared = budget->reference_count++ > 0;
    stage->campaign[stage->campaign_count++] = index;
    return account_add_campaign(account, &made);
}

/* One ad group; Performance Max has asset groups instead. */
static void add_ads(struct stage *stage, struct account *account,
                    const struct market_config *config, int index, int64_t campaign_id)
{
    size_t kind = kind_of(config, &config->campaign[index]);
    if (kinds[kind].ad_type == 0)
        return;
    struct ad_group group = {
        .campaign_id = campaign_id,
        .name = account_campaign(account, campaign_id)->name,
        .status = STATUS_ENABLED,
        .type = kinds[kind].ad_group_type,
    };
    int64_t group_id = account_add_ad_group(account, &group)->id;
    for (int i = 0; i < config->ads; i++) {
        if (config->ad[i].campaign != index)
            continue;
        account_add_ad(account,
                       &(struct ad){
                           .ad_group_id = group_id,
                           .name = account_keep_text(account, config->ad[i].name),
                           .status = STATUS_ENABLED,
                           .type = kinds[kind].ad_type,
                           .approval = approved,
                           .review = reviewed,
                       });
        stage->ad[stage->ad_count++] = i;
    }
}

struct account *stage_make_account(struct stage *stage)
{
    const struct market_config *config = market_config(stage->market);
    struct customer customer = seed_customer();
    struct account *account = account_new(&customer);
    stage->campaign = mem_array((size_t)config->campaigns, sizeof *stage->campaign);
    stage->budget = mem_array((size_t)config->budgets, sizeof *stage->budget);
    stage->ad = mem_array((size_t)config->ads, sizeof *stage->ad);
    for (int i = 0; i < config->campaigns; i++)
        if (is_google(config, i))
            add_ads(stage, account, config, i, add_campaign(stage, account, config, i)->id);
    return account;
}
