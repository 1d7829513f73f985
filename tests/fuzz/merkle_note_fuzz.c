/* Every C2SP text that comes from outside: what is accepted must write back as it was read. */
#include "checkpoint.h"
#include "lines.h"
#include "policy.h"
#include "proof.h"
#include "verify.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static struct note_key known_key(void)
{
    static const char text[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    struct note_key key;
    struct err err = {0};
    must(note_key_parse(text, &key, &err));
    return key;
}

static void note_and_checkpoint(struct bytes input)
{
    struct note note;
    struct note_seen seen;
    struct checkpoint checkpoint;
    struct note_key key = known_key();
    struct err err = {0};
    if (!note_parse(input, &note, &err))
        return;
    must(note.text.length + 1 + note.signatures.length == input.length);
    must(note.signature_count > 0 && note.signature_count <= NOTE_SIGNATURES_MAX);
    must(!note_verify(&note, &key, 1, &seen, &err) || seen.verified);
    if (checkpoint_parse(note.text, &checkpoint, &err)) {
        struct buffer again = {0};
        checkpoint_format(&checkpoint, &again);
        must(bytes_equal(buffer_view(&again), note.text));
        buffer_done(&again);
    }
}

static void proof(struct bytes input)
{
    struct proof parsed;
    struct policy policy;
    struct checkpoint checkpoint;
    struct bytes last;
    struct note_key key = known_key();
    size_t leaves;
    struct err err = {0};
    if (!proof_parse(input, &parsed, &err))
        return;
    struct buffer again = {0};
    proof_format(&parsed, &again);
    must(bytes_equal(buffer_view(&again), input));
    policy_of(&key, NULL, &policy);
    must(!proof_verify_chain(&parsed, &policy, &checkpoint, &leaves, &last, &err));
    buffer_done(&again);
    proof_done(&parsed);
}

static void single_line(struct bytes input)
{
    char text[256];
    struct note_key key;
    struct tile tile;
    struct err err = {0};
    int level;
    if (input.length >= sizeof text || memchr(input.data, 0, input.length))
        return;
    memcpy(text, input.data, input.length);
    text[input.length] = '\0';
    if (note_key_parse(text, &key, &err)) {
        struct buffer again = {0};
        note_key_format(&key, &again);
        buffer_done(&again);
    }
    if (tile_path_parse(text, &level, &tile)) {
        char again[TILE_PATH_BYTES];
        tile_path(level, &tile, again);
        must(strcmp(text, again) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_of(data, size), rest = input, entry;
    struct policy policy;
    struct hash root;
    uint64_t leaves;
    struct err err = {0};
    if (size == 0)
        return 0;
    note_and_checkpoint(input);
    proof(input);
    single_line(input);
    must(!policy_parse(input, &policy, &err) || policy.key[0].name[0]);
    must(!verify_hex_root(input, &root, &leaves, &err) || leaves <= size);
    while (bundle_next(&rest, &entry))
        must(entry.length + rest.length <= size);
    return 0;
}
