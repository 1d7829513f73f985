/* signed_log: a small log with its keys, leaves, tiles and checkpoints, for the tests of proofs,
 * policies and whole logs. */
#pragma once

#include "kept_tiles.h"
#include "mem.h"
#include "policy.h"
#include "proof.h"

#include <assert.h>

enum { signed_leaves_max = 1000, leaf_bytes_max = 128 };

struct signed_log {
    struct note_signer log, witness[3];
    struct kept_tiles kept;
    struct buffer body[signed_leaves_max];
    struct hash hash[signed_leaves_max];
};

static inline struct note_signer signed_log_key(const char *name, enum note_key_type type,
                                                uint8_t seed)
{
    struct note_signer signer;
    struct err err = {0};
    const uint8_t seeds[ED25519_SEED] = {seed, 0x55};
    bool made = note_signer_make(name, type, seeds, &signer, &err);
    assert(made);
    return signer;
}

/* Leaves in chains of three: each names the one before it in its chain. */
static inline void signed_log_grow(struct signed_log *log, size_t size)
{
    for (size_t i = log->kept.tree.size; i < size; i++) {
        char prev[2 * HASH_BYTES + 1] = "-";
        if (i % 3 != 0)
            hex_encode(hash_view(&log->hash[i - 1]), prev);
        buffer_format(&log->body[i], "aelp/event/v1\nsaga %zu\nversion %zu\nprev %s\n", i / 3,
                      i % 3 + 1, prev);
        log->hash[i] = tree_leaf_hash(buffer_view(&log->body[i]));
        kept_append(&log->kept, &log->hash[i], 1);
    }
}

static inline struct signed_log *signed_log_new(size_t size)
{
    struct signed_log *log = mem_new(sizeof *log);
    log->log = signed_log_key("aelp.example/log", NOTE_ED25519, 1);
    log->witness[0] = signed_log_key("w0.example", NOTE_COSIGNATURE, 2);
    log->witness[1] = signed_log_key("w1.example", NOTE_COSIGNATURE, 3);
    log->witness[2] = signed_log_key("w2.example", NOTE_COSIGNATURE, 4);
    signed_log_grow(log, size);
    return log;
}

static inline void signed_log_free(struct signed_log *log)
{
    for (size_t i = 0; i < signed_leaves_max; i++)
        buffer_done(&log->body[i]);
    mem_free(log);
}

/* The checkpoint of the tree as it is, cosigned by the witnesses whose bit is set. */
static inline void signed_log_checkpoint(const struct signed_log *log, unsigned witnesses,
                                         struct buffer *note)
{
    struct hash root = tree_root(&log->kept.tree);
    struct note parsed;
    struct err err = {0};
    buffer_clear(note);
    checkpoint_sign(&log->log, log->kept.tree.size, &root, note);
    for (unsigned i = 0; i < 3; i++)
        if (witnesses >> i & 1) {
            struct buffer lines = {0};
            bool good = note_parse(buffer_view(note), &parsed, &err);
            assert(good);
            note_sign(&log->witness[i], parsed.text, 1700000000, &lines);
            buffer_add(note, lines.data, lines.length);
            buffer_done(&lines);
        }
}

/* "log ... witness a,b,c ..." and the given lines. */
static inline void signed_log_policy(const struct signed_log *log, const char *lines,
                                     struct buffer *text)
{
    static const char *const names[] = {"a", "b", "c"};
    buffer_add_text(text, "# who is believed\nlog ");
    note_key_format(&log->log.key, text);
    buffer_add_text(text, " https://aelp.example/log/\n\n");
    for (size_t i = 0; i < 3; i++) {
        buffer_format(text, "witness %s ", names[i]);
        note_key_format(&log->witness[i].key, text);
        buffer_add_text(text, "\n");
    }
    buffer_add_text(text, lines);
}
