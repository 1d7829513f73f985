#include "ledger.h"

#include "clock.h"
#include "mem.h"

#include <assert.h>

static const char *const reply_names[] = {
    [LEDGER_REPLIED] = "sent",        [LEDGER_REPLY_LOST] = "lost",
    [LEDGER_REPLY_CUT] = "truncated", [LEDGER_ERROR_AFTER] = "error_after_commit",
    [LEDGER_HANGING] = "hanging",
};

void ledger_done(struct ledger *ledger)
{
    mem_free(ledger->entries);
    *ledger = (struct ledger){0};
}

bool ledger_has_room(const struct ledger *ledger, size_t count)
{
    return count <= LEDGER_ENTRIES_MAX - ledger->count;
}

void ledger_add(struct ledger *ledger, const struct ledger_entry *entry)
{
    assert(ledger_has_room(ledger, 1));
    if (ledger->count == ledger->capacity) {
        ledger->capacity = ledger->capacity ? ledger->capacity * 2 : 256;
        ledger->entries = mem_grow(ledger->entries, ledger->capacity, sizeof *ledger->entries);
    }
    ledger->entries[ledger->count++] = *entry;
}

void ledger_set_reply(struct ledger *ledger, uint64_t request, enum ledger_reply reply)
{
    for (size_t i = ledger->count; i-- > 0 && ledger->entries[i].request == request;)
        ledger->entries[i].reply = reply;
}

static void write_entry(struct json_writer *writer, size_t number, const struct ledger_entry *entry)
{
    char at[CLOCK_TEXT], hash[2 * HASH_BYTES + 1];
    clock_text(entry->arrived_micros, at);
    hex_encode(hash_view(&entry->request_hash), hash);
    const struct {
        const char *key;
        int64_t number;
    } numbers[] = {
        {"id",            (int64_t)number        },
        {"request",       (int64_t)entry->request},
        {"index",         entry->operation_index },
        {"customer_id",   entry->customer_id     },
        {"resource_id",   entry->resource_id     },
        {"before_micros", entry->before_micros   },
        {"after_micros",  entry->after_micros    },
    };
    const struct {
        const char *key, *text;
    } texts[] = {
        {"arrived_at",     at                       },
        {"request_sha256", hash                     },
        {"resource",       entry->resource          },
        {"operation",      entry->operation         },
        {"why",            entry->why               },
        {"reply",          reply_names[entry->reply]},
    };
    writer_open(writer, '{');
    for (size_t i = 0; i < COUNT(numbers); i++) {
        writer_key(writer, numbers[i].key);
        writer_number(writer, numbers[i].number);
    }
    for (size_t i = 0; i < COUNT(texts); i++) {
        writer_key(writer, texts[i].key);
        writer_text(writer, texts[i].text);
    }
    writer_key(writer, "applied");
    writer_bool(writer, entry->applied);
    writer_close(writer, '}');
}

void ledger_write(const struct ledger *ledger, size_t after, size_t limit, struct buffer *out)
{
    for (size_t i = after; i < ledger->count && i - after < limit; i++) {
        struct json_writer writer = {.out = out};
        write_entry(&writer, i + 1, &ledger->entries[i]);
        buffer_add(out, "\n", 1);
    }
}
