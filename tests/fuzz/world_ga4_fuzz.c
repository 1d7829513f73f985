/* Any JSON as a report request: it is refused in words, or its report is JSON, and asking again
 * gives the same. */
#include "ga4_report.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const int64_t now_micros = 1795273200LL * 1000000;

static void must(bool held)
{
    if (!held)
        abort();
}

static const struct stage *market(void)
{
    static struct stage stage;
    static struct account *account;
    static const struct stage_settings settings = {
        .preset = "tiny", .seed = 1, .history_days = 4, .start_date = ""};
    struct err err = {0};
    must(account || stage_open(&settings, now_micros, &stage, &account, &err));
    return &stage;
}

static void answer(const json_t *body, struct buffer *out)
{
    struct arena *memory = arena_new();
    struct json_writer writer = {.out = out};
    struct ga4_report report;
    struct err err = {0};
    if (ga4_report_read(body, stage_today(market()), memory, &report, &err)) {
        writer_open(&writer, '{');
        size_t rows = ga4_report_run(&report, market(), memory, &writer);
        writer_close(&writer, '}');
        json_t *json = json_loadb((const char *)out->data, out->length, 0, NULL);
        must(json && json_array_size(json_object_get(json, "rows")) == rows);
        json_decref(json);
    } else {
        must(err.kind == ERR_REJECT && err.text[0]);
        buffer_add_text(out, err.text);
    }
    ga4_report_done(&report);
    arena_free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *body = json_loadb((const char *)data, size, 0, NULL);
    if (json_is_object(body)) {
        struct buffer first = {0}, second = {0};
        answer(body, &first);
        answer(body, &second);
        must(bytes_equal(buffer_view(&first), buffer_view(&second)));
        buffer_done(&first);
        buffer_done(&second);
    }
    json_decref(body);
    return 0;
}
