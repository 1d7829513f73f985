/* audit check: a proof file verified and told, with nothing but the file and two public keys. */
#include "audit.h"

#include "lines.h"
#include "mem.h"
#include "proof.h"
#include "story.h"
#include "table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The file's own leaf count and tree, once it holds. */
struct held {
    const struct proof *proof;
    struct story story;
    struct checkpoint checkpoint;
    size_t leaves;
};

static void add_bytes(struct table *table, struct bytes text)
{
    BUFFER copy = {0};
    buffer_add(&copy, text.data, text.length);
    table_add(table, copy.data ? (const char *)copy.data : "");
}

static void format_money(uint64_t micros, struct buffer *text)
{
    if (micros % 10000 == 0)
        buffer_format(text, "%" PRIu64 ".%02" PRIu64, micros / 1000000, micros / 10000 % 100);
    else
        buffer_format(text, "%" PRIu64 ".%06" PRIu64, micros / 1000000, micros % 1000000);
}

/* A line of the change as people read it. */
static void tell_line(struct bytes line, struct buffer *text)
{
    struct story_effect effect;
    if (!story_effect(line, &effect)) {
        buffer_add(text, line.data, line.length);
        return;
    }
    buffer_format(text, "effect %.*s %.*s: ", (int)effect.account.length,
                  (const char *)effect.account.data, (int)effect.resource.length,
                  (const char *)effect.resource.data);
    format_money(effect.before_micros, text);
    buffer_add_text(text, " → ");
    format_money(effect.after_micros, text);
    buffer_format(text, " %.*s a day", (int)effect.currency.length,
                  (const char *)effect.currency.data);
}

static void print_change(struct bytes change)
{
    struct bytes line;
    if (change.length == 0) {
        printf("\nthe file does not carry the change itself, only its hash\n");
        return;
    }
    printf("\nthe change, whose hash that is\n");
    while (line_next(&change, &line)) {
        BUFFER text = {0};
        tell_line(line, &text);
        cli_plain((char *)text.data);
        printf("  %s\n", (const char *)text.data);
    }
}

static void print_story(const struct cli *cli, const struct story *story)
{
    struct table table = {
        .head = {"at", "from", "to", "role", "person"},
          .columns = 5
    };
    struct bytes rest = story->leaves;
    struct story_event event;
    printf("\nsaga %.*s\ncontent %.*s\n", (int)story->saga.length, (const char *)story->saga.data,
           (int)story->content.length, (const char *)story->content.data);
    print_change(story->change);
    while (story_next_event(&rest, &event)) {
        const struct bytes cells[] = {event.at, event.from, event.to, event.role, event.person};
        for (size_t i = 0; i < COUNT(cells); i++)
            add_bytes(&table, cells[i]);
    }
    printf("\n");
    table_print(cli, &table);
    table_done(&table);
}

static json_t *json_of(struct bytes text)
{
    return json_stringn((const char *)text.data, text.length);
}

static void print_held_json(const struct held *held)
{
    struct bytes rest = held->story.leaves;
    struct story_event event;
    json_t *events = json_array();
    while (story_next_event(&rest, &event))
        json_array_append_new(events,
                              json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "version",
                                        json_of(event.version), "at", json_of(event.at), "from",
                                        json_of(event.from), "to", json_of(event.to), "role",
                                        json_of(event.role), "person", json_of(event.person),
                                        "note", json_of(event.note)));
    bool has_change = held->story.change.length > 0;
    OWNED(json_t) *json = json_pack(
        "{s:b,s:I,s:I,s:I,s:o,s:o,s:o,s:o}", "ok", true, "leaves", (json_int_t)held->leaves,
        "index", (json_int_t)held->proof->index, "tree_size", (json_int_t)held->checkpoint.size,
        "saga", json_of(held->story.saga), "content", json_of(held->story.content), "change",
        has_change ? json_of(held->story.change) : json_null(), "events", events);
    print_json(json);
}

static bool holds(struct proof *proof, const struct policy *policy, struct held *held,
                  struct err *err)
{
    struct bytes last;
    if (!story_open(proof->extra, &held->story, err))
        return false;
    proof->extra = held->story.leaves;
    held->proof = proof;
    return proof_verify_chain(proof, policy, &held->checkpoint, &held->leaves, &last, err);
}

int run_audit_check(struct cli *cli)
{
    BUFFER text = {0};
    struct policy policy;
    struct proof proof = {0};
    struct held held = {0};
    struct err err = {0};
    int code = audit_read_policy(cli, &policy);
    if (!code)
        code = audit_read_file(cli->args[0], &text);
    if (code)
        return code;
    if (!proof_parse(buffer_view(&text), &proof, &err) || !holds(&proof, &policy, &held, &err))
        code = cli_fail(EXIT_ERROR, "do not believe this file", "the proof does NOT hold: %s",
                        err.text);
    else if (cli->json)
        print_held_json(&held);
    else {
        printf("the proof holds: %zu events of one proposal, the last is leaf %" PRIu64
               " of %" PRIu64 "\n",
               held.leaves, proof.index, held.checkpoint.size);
        print_story(cli, &held.story);
    }
    proof_done(&proof);
    return code;
}
