/* Pages of reports are outside data: any bytes are rows or an error, the same each time, and what
 * is taken for rows is whole. The first byte picks the source and level. */
#include "report_page.h"

#include "ga4.h"
#include "google.h"
#include "meta.h"

#include <assert.h>
#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct source {
    const char *account;
    enum report_level level;
    report_look *look;
} sources[] = {
    {"google/7", REPORT_CAMPAIGNS, google_look},
    {"google/7", REPORT_ADS,       google_look},
    {"ga4/123",  REPORT_SESSIONS,  ga4_look   },
    {"meta/456", REPORT_CAMPAIGNS, meta_look  },
    {"meta/456", REPORT_ADS,       meta_look  },
};

static void check_text(const char *text, size_t most)
{
    assert(strnlen(text, most + 1) <= most);
}

static void check_row(const struct report_row *row, enum report_level level)
{
    check_text(row->campaign, REPORT_TEXT_MAX);
    check_text(row->campaign_name, REPORT_TEXT_MAX);
    check_text(row->type, 64);
    check_text(row->status, 64);
    check_text(row->utm_source, REPORT_TEXT_MAX);
    check_text(row->utm_medium, REPORT_TEXT_MAX);
    assert(row->day >= 0);
    assert(level == REPORT_SESSIONS || row->campaign[0]);
    assert(level != REPORT_ADS || (row->ad[0] && row->ad_group[0]));
    assert(isfinite(row->conversions) && isfinite(row->conversions_on_day));
}

static bool take(struct arena *arena, const struct source *source, struct bytes raw,
                 struct report *ret_report, struct err *err)
{
    struct report_cursor cursor = {.token = "asked", .offset = 3, .total = 5};
    struct err look_err = {0};
    bool more = false;
    bool looked = source->look(arena, raw, &cursor, &more, &look_err);
    assert(looked || look_err.kind != ERR_NONE);
    assert(!looked || !more || cursor.offset != 3 || cursor.token[0]);
    assert(memchr(cursor.token, '\0', sizeof cursor.token));
    return report_read(arena, source->account, source->level, raw, ret_report, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    const struct source *source = &sources[size ? data[0] % COUNT(sources) : 0];
    struct bytes raw = size ? bytes_of(data + 1, size - 1) : (struct bytes){0};
    struct report first = {0}, again = {0};
    struct err err = {0}, err_again = {0};
    bool taken = take(arena, source, raw, &first, &err);
    bool taken_again = take(arena, source, raw, &again, &err_again);
    assert(taken == taken_again && strcmp(err.text, err_again.text) == 0);
    assert(taken || err.kind == ERR_REJECT);
    assert(first.row_count == again.row_count);
    for (size_t i = 0; i < first.row_count; i++) {
        check_row(&first.rows[i], source->level);
        assert(strcmp(first.rows[i].campaign, again.rows[i].campaign) == 0);
        assert(first.rows[i].day == again.rows[i].day);
        assert(first.rows[i].cost_micros == again.rows[i].cost_micros);
        assert(first.rows[i].value_micros == again.rows[i].value_micros);
    }
    arena_free(arena);
    return 0;
}
