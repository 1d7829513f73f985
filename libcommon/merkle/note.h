/* note: text signed by named Ed25519 keys: C2SP signed-note, and tlog-cosignature v1.
 *
 * Pure. A note is text ending in LF, an empty line, and signature lines. Signatures of unknown
 * keys are ignored; one of a known key that fails condemns the whole note. */
#pragma once

#include "hash.h"

#include <stdint.h>

enum {
    NOTE_NAME_MAX = 127,
    NOTE_SIGNATURES_MAX = 100,
    NOTE_BYTES_MAX = 64 * 1024,
};

enum note_key_type {
    NOTE_ED25519 = 0x01,
    NOTE_COSIGNATURE = 0x04, /* over the text and a time, by a witness */
};

struct note_key {
    char name[NOTE_NAME_MAX + 1];
    enum note_key_type type;
    uint32_t id; /* from name, type and public key */
    uint8_t public_key[ED25519_PUBLIC];
};

struct note_signer {
    struct note_key key;
    uint8_t seed[ED25519_SEED];
};

/* The text form of a key, "name+<id>+<base64>". */
bool note_key_parse(const char *text, struct note_key *ret_key, struct err *err) MUST_CHECK;
void note_key_format(const struct note_key *key, struct buffer *text);
bool note_signer_make(const char *name, enum note_key_type type,
                      const uint8_t seed[static ED25519_SEED], struct note_signer *ret_signer,
                      struct err *err) MUST_CHECK;

/* Borrows from the bytes it was parsed from. */
struct note {
    struct bytes text;       /* with its last LF */
    struct bytes signatures; /* the lines, well-formed */
    size_t signature_count;
};

/* Every rule of form; no signature is checked yet. */
bool note_parse(struct bytes bytes, struct note *ret_note, struct err *err) MUST_CHECK;

struct note_seen {
    bool verified;
    uint64_t unix_s; /* of a cosignature; 0 for other types */
};

/* ERR_REJECT unless at least one key has signed and no signature of a known key fails; then
 * ret_seen[i] says what keys[i] did. */
bool note_verify(const struct note *note, const struct note_key keys[], size_t count,
                 struct note_seen ret_seen[], struct err *err) MUST_CHECK;

/* Appends one signature line over `text`, which must end in LF. unix_s is used by cosignatures. */
void note_sign(const struct note_signer *signer, struct bytes text, uint64_t unix_s,
               struct buffer *lines);
