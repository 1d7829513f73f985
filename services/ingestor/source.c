#include "source.h"

#include "clock.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Google: the default conversion window, 30 days. Meta: what its insights restate. GA4: credit
 * moves for up to 12 days, and late hits come for 3. Shops: refunds and cancellations. */
const struct source sources[] = {
    {"google",  30, 30, {REPORT_CAMPAIGNS, REPORT_ADS}, 2},
    {"meta",    28, 30, {REPORT_CAMPAIGNS, REPORT_ADS}, 2},
    {"ga4",     14, 30, {REPORT_SESSIONS},              1},
    {"shopify", 60, 30, {REPORT_ORDERS},                1},
    {"stripe",  60, 30, {REPORT_ORDERS},                1},
};
const size_t source_count = COUNT(sources);

static const char *const level_names[] = {
    [REPORT_CAMPAIGNS] = "campaigns",
    [REPORT_ADS] = "ads",
    [REPORT_SESSIONS] = "sessions",
    [REPORT_ORDERS] = "orders",
};

static const int64_t retry_base_ms = 1000, retry_max_ms = 300000;

static const struct source *find(const char *name, size_t length)
{
    for (size_t i = 0; i < source_count; i++)
        if (strlen(sources[i].name) == length && memcmp(sources[i].name, name, length) == 0)
            return &sources[i];
    return NULL;
}

const struct source *source_find(const char *name)
{
    return find(name, strlen(name));
}

const struct source *source_of(const char *account)
{
    return find(account, strcspn(account, "/"));
}

struct window source_window(const struct source *source, int32_t today, int32_t last)
{
    struct window window = {today - source->restates_days, today - 1};
    int32_t earliest = window.to - SOURCE_DAYS_MAX + 1;
    assert(source->restates_days > 0);

    /* The last pull saw the day after this one for the last time. */
    if (last != SOURCE_NEVER && last - source->restates_days + 2 < window.from)
        window.from = last - source->restates_days + 2;
    if (window.from < earliest)
        window.from = earliest;
    return window;
}

bool source_task(const struct source *source, struct window window, size_t i,
                 struct window *ret_task)
{
    int64_t to = window.to - (int64_t)i * source->task_days;
    int64_t from = to - source->task_days + 1;
    if (to < window.from)
        return false;
    *ret_task = (struct window){(int32_t)(from < window.from ? window.from : from), (int32_t)to};
    return true;
}

int64_t source_retry_ms(int32_t tries)
{
    int64_t wait_ms = retry_base_ms;
    for (int32_t i = 1; i < tries && wait_ms < retry_max_ms; i++)
        wait_ms *= 2;
    return wait_ms < retry_max_ms ? wait_ms : retry_max_ms;
}

const char *source_level_name(enum report_level level)
{
    assert(level < COUNT(level_names));
    return level_names[level];
}

bool source_level_find(const char *name, enum report_level *ret_level)
{
    for (size_t i = 0; i < COUNT(level_names); i++)
        if (strcmp(level_names[i], name) == 0) {
            *ret_level = (enum report_level)i;
            return true;
        }
    return false;
}

bool source_day_read(const char *text, int32_t *ret_day)
{
    static const char form[] = "9999-99-99";
    static const int64_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (strlen(text) != sizeof form - 1)
        return false;
    for (size_t i = 0; form[i]; i++)
        if (form[i] == '9' ? !isdigit((unsigned char)text[i]) : text[i] != form[i])
            return false;
    int64_t year = strtol(text, NULL, 10), month = strtol(text + 5, NULL, 10);
    int64_t day = strtol(text + 8, NULL, 10);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (month < 1 || month > 12 || day < 1 || day > lengths[month - 1] + (month == 2 && leap))
        return false;
    *ret_day = (int32_t)clock_days(year, month, day);
    return true;
}
