#include "ga4_schema.h"

#include "zone.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *date(const struct ga4_cell *cell, struct arena *arena)
{
    struct zone_date date = zone_date_of(cell->day);
    return arena_format(arena, "%04d%02d%02d", (int)date.year, date.month, date.day);
}

static const char *year(const struct ga4_cell *cell, struct arena *arena)
{
    return arena_format(arena, "%04" PRId64, zone_date_of(cell->day).year);
}

static const char *month(const struct ga4_cell *cell, struct arena *arena)
{
    return arena_format(arena, "%02d", zone_date_of(cell->day).month);
}

static const char *year_month(const struct ga4_cell *cell, struct arena *arena)
{
    struct zone_date date = zone_date_of(cell->day);
    return arena_format(arena, "%04d%02d", (int)date.year, date.month);
}

/* Sunday is 0; 1970-01-01 was a Thursday. */
static const char *day_of_week(const struct ga4_cell *cell, struct arena *arena)
{
    return arena_format(arena, "%d", (int)((cell->day + 4) % 7));
}

static const char *date_range(const struct ga4_cell *cell, struct arena *arena)
{
    (void)arena; /* it has its own text */
    return cell->range;
}

static const char *source(const struct ga4_cell *cell, struct arena *arena)
{
    (void)arena;
    return cell->source->source;
}

static const char *medium(const struct ga4_cell *cell, struct arena *arena)
{
    (void)arena;
    return cell->source->medium;
}

static const char *campaign(const struct ga4_cell *cell, struct arena *arena)
{
    (void)arena;
    return cell->source->campaign;
}

static const char *source_medium(const struct ga4_cell *cell, struct arena *arena)
{
    return arena_format(arena, "%s / %s", cell->source->source, cell->source->medium);
}

/* The platform's default grouping, as far as media here reach. */
static const struct {
    const char *medium, *group;
} groups[] = {
    {"cpc",         "Paid Search"   },
    {"ppc",         "Paid Search"   },
    {"paid_social", "Paid Social"   },
    {"paidsocial",  "Paid Social"   },
    {"paid-social", "Paid Social"   },
    {"video",       "Paid Video"    },
    {"display",     "Display"       },
    {"organic",     "Organic Search"},
    {"referral",    "Referral"      },
    {"email",       "Email"         },
    {"(none)",      "Direct"        },
};

static const char *channel_group(const struct ga4_cell *cell, struct arena *arena)
{
    (void)arena;
    for (size_t i = 0; i < COUNT(groups); i++)
        if (strcmp(groups[i].medium, cell->source->medium) == 0)
            return groups[i].group;
    return "Unassigned";
}

const struct ga4_dimension ga4_dimensions[] = {
    {"date",                       true,  date         },
    {"year",                       true,  year         },
    {"month",                      true,  month        },
    {"yearMonth",                  true,  year_month   },
    {"dayOfWeek",                  true,  day_of_week  },
    {"dateRange",                  true,  date_range   },
    {"sessionSource",              false, source       },
    {"sessionMedium",              false, medium       },
    {"sessionCampaignName",        false, campaign     },
    {"sessionSourceMedium",        false, source_medium},
    {"sessionDefaultChannelGroup", false, channel_group},
    {NULL,                         false, NULL         },
};

static double sessions(const struct market_ga4_counts *counts)
{
    return (double)counts->sessions;
}

static double users(const struct market_ga4_counts *counts)
{
    return (double)counts->users;
}

static double key_events(const struct market_ga4_counts *counts)
{
    return (double)counts->key_events;
}

static double revenue(const struct market_ga4_counts *counts)
{
    return (double)counts->value_micros / 1e6;
}

static double key_event_rate(const struct market_ga4_counts *counts)
{
    return counts->sessions ? (double)counts->key_events / (double)counts->sessions : 0;
}

static double revenue_per_purchase(const struct market_ga4_counts *counts)
{
    return counts->key_events ? revenue(counts) / (double)counts->key_events : 0;
}

const struct ga4_metric ga4_metrics[] = {
    {"sessions",               GA4_INTEGER,  sessions            },
    {"totalUsers",             GA4_INTEGER,  users               },
    {"activeUsers",            GA4_INTEGER,  users               },
    {"keyEvents",              GA4_FLOAT,    key_events          },
    {"transactions",           GA4_INTEGER,  key_events          },
    {"ecommercePurchases",     GA4_INTEGER,  key_events          },
    {"totalRevenue",           GA4_CURRENCY, revenue             },
    {"purchaseRevenue",        GA4_CURRENCY, revenue             },
    {"averagePurchaseRevenue", GA4_CURRENCY, revenue_per_purchase},
    {"sessionKeyEventRate",    GA4_FLOAT,    key_event_rate      },
    {NULL,                     GA4_INTEGER,  NULL                },
};

const struct ga4_dimension *ga4_dimension(const char *name)
{
    for (const struct ga4_dimension *row = ga4_dimensions; name && row->name; row++)
        if (strcmp(row->name, name) == 0)
            return row;
    return NULL;
}

const struct ga4_metric *ga4_metric(const char *name)
{
    for (const struct ga4_metric *row = ga4_metrics; name && row->name; row++)
        if (strcmp(row->name, name) == 0)
            return row;
    return NULL;
}

const char *ga4_type_name(enum ga4_type type)
{
    static const char *const names[] = {"TYPE_INTEGER", "TYPE_FLOAT", "TYPE_CURRENCY"};
    return names[type];
}
