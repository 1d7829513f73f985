/* The flags there are; which of them a command takes is in its row. */
#include "cli.h"

#include "mem.h"

enum { common = 4, flags_max = 40 };

const struct flag *cli_flags(struct flags *flags, size_t *ret_count, size_t *ret_common)
{
    static struct flag table[flags_max];
    const struct flag rows[] = {
        {"output",        &flags->output,        NULL,             "-o: table or json"                                },
        {"url",           &flags->url,           NULL,             "of the API; else AELP2_URL"                       },
        {"no-color",      NULL,                  &flags->no_color, "plain text; also NO_COLOR"                        },
        {"yes",           NULL,                  &flags->yes,      "do not ask"                                       },
        {"platform",      &flags->platform,      NULL,             "google, ..."                                      },
        {"account",       &flags->account,       NULL,             "default: the only one of the platform"            },
        {"target",        &flags->target,        NULL,             "campaignBudgets/9"                                },
        {"daily",         &flags->daily,         NULL,             "the new amount a day: 52.50"                      },
        {"reason",        &flags->reason,        NULL,             "why; others read it"                              },
        {"ttl",           &flags->ttl,           NULL,             "seconds it may wait, 60 to 604800"                },
        {"key",           &flags->key,           NULL,             "idempotency key; default: a new one"              },
        {"no-wait",       NULL,                  &flags->no_wait,  "not for the guardrails' answer"                   },
        {"state",         &flags->state,         NULL,             "only those in this state: cleared"                },
        {"limit",         &flags->limit,         NULL,             "at most so many"                                  },
        {"timeout",       &flags->timeout,       NULL,             "seconds to wait; default 180"                     },
        {"until",         &flags->until,         NULL,             "stop at this state; default: its end"             },
        {"outcome",       &flags->outcome,       NULL,             "applied or not-applied"                           },
        {"freeze",        NULL,                  &flags->freeze,   "also rollbacks stand still"                       },
        {"email",         &flags->email,         NULL,             ""                                                 },
        {"label",         &flags->label,         NULL,             "what the token is for"                            },
        {"days",          &flags->days,          NULL,             "a token lives, default 90; or to pull"            },
        {"scope",         &flags->scope,         NULL,             "*, a platform or an account; default *"           },
        {"day-max",       &flags->day_max,       NULL,             "micros a day this person may approve"             },
        {"hour-max",      &flags->hour_max,      NULL,             "decisions an hour"                                },
        {"take",          NULL,                  &flags->take,     "the role away instead"                            },
        {"currency",      &flags->currency,      NULL,             "USD"                                              },
        {"tz",            &flags->tz,            NULL,             "America/New_York"                                 },
        {"unit",          &flags->unit,          NULL,             "micros of the smallest step: 10000"               },
        {"world",         NULL,                  &flags->world,    "it is simulated"                                  },
        {"policy",        &flags->policy,        NULL,             "a tlog policy file"                               },
        {"from",          &flags->from,          NULL,             "a day; of a lock also a time: 2026-11-27T00:00-05"},
        {"to",            &flags->to,            NULL,             "the last day; of a lock the time it ends"         },
        {"drift",         &flags->drift,         NULL,             "percent over 28 days, of a budget"                },
        {"account-drift", &flags->account_drift, NULL,             "percent over 28 days, of the account"             },
        {"source",        &flags->source,        NULL,             "google, ga4, or one account: google/123"          },
        {"dry-run",       NULL,                  &flags->dry_run,  "look only; nothing is written"                    },
    };
    _Static_assert(COUNT(rows) <= flags_max, "all flags have room");
    for (size_t i = 0; i < COUNT(rows); i++)
        table[i] = rows[i];
    *ret_count = COUNT(rows);
    *ret_common = common;
    return table;
}
