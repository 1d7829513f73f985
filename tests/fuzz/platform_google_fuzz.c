/* What a platform answers is outside data: no answer may break its decoders. The first byte picks
 * one. */
#include "google.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take_set(struct bytes answer)
{
    struct platform_item items[] = {
        {.resource = "campaignBudgets/9",  .micros = 52500000},
        {.resource = "campaignBudgets/10", .micros = 4650000 }
    };
    struct platform_set set = {.account = "google/7", .items = items, .item_count = COUNT(items)};
    google_take_set(answer, &set);
    for (size_t i = 0; i < COUNT(items); i++)
        assert(items[i].reply.fate != PLATFORM_OK || items[i].reply.code[0] == '\0');
}

static void classify(struct bytes answer, int status)
{
    struct http_result result = {.outcome = HTTP_ANSWERED, .status = status};
    buffer_add(&result.body, answer.data, answer.length);
    assert(google_classify(&result, true).fate != PLATFORM_OK);
    buffer_done(&result.body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct platform_read read = {.account = "google/7"};
    struct platform_history history = {.account = "google/7"};
    struct err err = {0};
    const char *next = NULL;
    struct bytes answer = size ? bytes_of(data + 1, size - 1) : (struct bytes){0};
    bool taken = true; /* either is fine */
    switch (size ? data[0] % 5 : 5) {
    case 0:
        taken = google_take_budgets(arena, answer, &read, &err);
        break;
    case 1:
        taken = google_take_page(arena, answer, &read, &next, &err);
        break;
    case 2:
        taken = google_take_changes(arena, answer, &history, &err);
        break;
    case 3:
        take_set(answer);
        break;
    case 4:
        classify(answer, 400 + data[0] / 5 * 2);
        break;
    default:
        break;
    }
    assert(taken || err.kind == ERR_REJECT);
    arena_free(arena);
    return 0;
}
