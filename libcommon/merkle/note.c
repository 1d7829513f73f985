#include "note.h"

#include "lines.h"
#include "utf8.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char dash[] = "\xe2\x80\x94 "; /* U+2014 and a space open every signature line */

enum {
    dash_bytes = sizeof dash - 1,
    key_id_bytes = 4,
    time_bytes = 8,
    blob_bytes_max = 8192, /* signatures of unknown, perhaps post-quantum, keys pass by */
};

static void put_big_endian(uint64_t number, uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)(number >> (8 * (length - 1 - i)));
}

static uint64_t get_big_endian(const uint8_t *bytes, size_t length)
{
    uint64_t number = 0;
    for (size_t i = 0; i < length; i++)
        number = number << 8 | bytes[i];
    return number;
}

static bool name_good(struct bytes name)
{
    return name.length > 0 && name.length <= NOTE_NAME_MAX && utf8_valid(name)
        && !text_has_space(name) && !memchr(name.data, '+', name.length)
        && !text_has_control(name, "");
}

static uint32_t key_id(const struct note_key *key)
{
    const uint8_t type[] = {'\n', (uint8_t)key->type};
    const struct bytes parts[] = {
        bytes_of_text(key->name), {type,            sizeof type           },
         {key->public_key, sizeof key->public_key}
    };
    struct hash hash = hash_sha256_parts(parts, 3);
    return (uint32_t)get_big_endian(hash.bytes, key_id_bytes);
}

static bool key_material(struct bytes base64, struct note_key *key)
{
    struct buffer material = {0};
    bool good = base64_decode(base64, &material) && material.length == 1 + ED25519_PUBLIC
        && (material.data[0] == NOTE_ED25519 || material.data[0] == NOTE_COSIGNATURE);
    if (good) {
        key->type = material.data[0];
        memcpy(key->public_key, material.data + 1, ED25519_PUBLIC);
    }
    buffer_done(&material);
    return good;
}

bool note_key_parse(const char *text, struct note_key *ret_key, struct err *err)
{
    struct note_key key = {0};
    const char *id = strchr(text, '+');
    const char *material = id ? strchr(id + 1, '+') : NULL;
    if (!material || material - id != 1 + 2 * key_id_bytes)
        return err_set(err, ERR_REJECT, "a verifier key is name+8 hex digits+base64");
    struct bytes name = bytes_of(text, (size_t)(id - text));
    if (!name_good(name))
        return err_set(err, ERR_REJECT, "bad name in verifier key");
    memcpy(key.name, name.data, name.length);

    char digits[2 * key_id_bytes + 1] = "";
    uint8_t said[key_id_bytes];
    memcpy(digits, id + 1, sizeof digits - 1);
    if (!hex_decode(digits, said, key_id_bytes))
        return err_set(err, ERR_REJECT, "bad key id in verifier key of %s", key.name);
    if (!key_material(bytes_of_text(material + 1), &key))
        return err_set(err, ERR_REJECT, "verifier key of %s is of no type known here", key.name);
    key.id = key_id(&key);
    if (key.id != get_big_endian(said, key_id_bytes))
        return err_set(err, ERR_REJECT, "key id of %s does not fit its key", key.name);
    *ret_key = key;
    return true;
}

void note_key_format(const struct note_key *key, struct buffer *text)
{
    uint8_t material[1 + ED25519_PUBLIC] = {(uint8_t)key->type};
    memcpy(material + 1, key->public_key, ED25519_PUBLIC);
    buffer_format(text, "%s+%08x+", key->name, key->id);
    base64_encode(bytes_of(material, sizeof material), text);
}

bool note_signer_make(const char *name, enum note_key_type type,
                      const uint8_t seed[static ED25519_SEED], struct note_signer *ret_signer,
                      struct err *err)
{
    struct note_signer signer = {.key = {.type = type}};
    struct bytes bytes = bytes_of_text(name);
    if (!name_good(bytes))
        return err_set(err, ERR_REJECT, "key name \"%s\" must be 1 to %d bytes without spaces or +",
                       name, NOTE_NAME_MAX);
    memcpy(signer.key.name, name, bytes.length);
    memcpy(signer.seed, seed, ED25519_SEED);
    ed25519_public(seed, signer.key.public_key);
    signer.key.id = key_id(&signer.key);
    *ret_signer = signer;
    return true;
}

/* One signature line, taken apart; the blob is the decoded base64. */
struct signature {
    struct bytes name;
    uint32_t id;
    struct bytes bytes;
};

static bool signature_parse(struct bytes line, struct buffer *blob, struct signature *ret)
{
    if (line.length < dash_bytes || memcmp(line.data, dash, dash_bytes) != 0)
        return false;
    struct bytes rest = bytes_of(line.data + dash_bytes, line.length - dash_bytes);
    const uint8_t *space = rest.length ? memchr(rest.data, ' ', rest.length) : NULL;
    if (!space)
        return false;
    struct bytes name = bytes_of(rest.data, (size_t)(space - rest.data));
    struct bytes base64 = bytes_of(space + 1, rest.length - name.length - 1);
    buffer_clear(blob);
    if (!name_good(name) || base64.length > blob_bytes_max || !base64_decode(base64, blob)
        || blob->length <= key_id_bytes)
        return false;
    ret->name = name;
    ret->id = (uint32_t)get_big_endian(blob->data, key_id_bytes);
    ret->bytes = bytes_of(blob->data + key_id_bytes, blob->length - key_id_bytes);
    return true;
}

static bool signatures_good(struct note *note, struct err *err)
{
    struct buffer blob = {0};
    struct bytes rest = note->signatures, line;
    bool good = true;
    while (good && line_next(&rest, &line)) {
        struct signature signature;
        note->signature_count++;
        if (note->signature_count > NOTE_SIGNATURES_MAX)
            good = err_set(err, ERR_REJECT, "more than %d signatures", NOTE_SIGNATURES_MAX);
        else if (!signature_parse(line, &blob, &signature))
            good = err_set(err, ERR_REJECT, "malformed signature line %zu", note->signature_count);
    }
    buffer_done(&blob);
    if (good && note->signature_count == 0)
        return err_set(err, ERR_REJECT, "the note has no signature");
    return good;
}

bool note_parse(struct bytes bytes, struct note *ret_note, struct err *err)
{
    if (bytes.length > NOTE_BYTES_MAX)
        return err_set(err, ERR_REJECT, "the note is longer than %d bytes", NOTE_BYTES_MAX);
    if (bytes.length < 2 || bytes.data[bytes.length - 1] != '\n')
        return err_set(err, ERR_REJECT, "a note ends in a newline");
    if (!utf8_valid(bytes) || text_has_control(bytes, "\n"))
        return err_set(err, ERR_REJECT, "a note is UTF-8 without control characters");

    size_t split = bytes.length - 1; /* of the last empty line */
    while (split > 0 && !(bytes.data[split - 1] == '\n' && bytes.data[split] == '\n'))
        split--;
    if (split == 0)
        return err_set(err, ERR_REJECT, "no empty line before the signatures");
    struct note note = {
        .text = bytes_of(bytes.data, split),
        .signatures = bytes_of(bytes.data + split + 1, bytes.length - split - 1),
    };
    if (!signatures_good(&note, err))
        return false;
    *ret_note = note;
    return true;
}

/* What a cosignature signs. */
static void cosigned(struct bytes text, uint64_t unix_s, struct buffer *message)
{
    buffer_format(message, "cosignature/v1\ntime %llu\n", (unsigned long long)unix_s);
    buffer_add(message, text.data, text.length);
}

static bool signature_verifies(const struct signature *signature, const struct note_key *key,
                               struct bytes text, uint64_t *ret_unix_s)
{
    struct bytes bytes = signature->bytes;
    if (key->type == NOTE_ED25519) {
        *ret_unix_s = 0;
        return bytes.length == ED25519_SIGNATURE
            && ed25519_verify(key->public_key, text, bytes.data);
    }
    if (bytes.length != time_bytes + ED25519_SIGNATURE)
        return false;
    *ret_unix_s = get_big_endian(bytes.data, time_bytes);
    if (*ret_unix_s > INT64_MAX)
        return false;
    struct buffer message = {0};
    cosigned(text, *ret_unix_s, &message);
    bool good = ed25519_verify(key->public_key, buffer_view(&message), bytes.data + time_bytes);
    buffer_done(&message);
    return good;
}

static const struct note_key *key_of(const struct signature *signature,
                                     const struct note_key keys[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (keys[i].id == signature->id
            && bytes_equal(signature->name, bytes_of_text(keys[i].name)))
            return &keys[i];
    return NULL;
}

bool note_verify(const struct note *note, const struct note_key keys[], size_t count,
                 struct note_seen ret_seen[], struct err *err)
{
    struct buffer blob = {0};
    struct bytes rest = note->signatures, line;
    bool good = true, any = false;
    memset(ret_seen, 0, count * sizeof ret_seen[0]);
    while (good && line_next(&rest, &line)) {
        struct signature signature;
        bool parsed = signature_parse(line, &blob, &signature);
        assert(parsed); /* note_parse has seen it */
        const struct note_key *key = key_of(&signature, keys, count);
        if (!key)
            continue;
        uint64_t unix_s;
        if (!signature_verifies(&signature, key, note->text, &unix_s))
            good = err_set(err, ERR_REJECT, "the signature of %s is wrong", key->name);
        else
            ret_seen[key - keys] = (struct note_seen){true, unix_s};
        any = true;
    }
    buffer_done(&blob);
    if (good && !any)
        return err_set(err, ERR_REJECT, "no signature is of a known key");
    return good;
}

void note_sign(const struct note_signer *signer, struct bytes text, uint64_t unix_s,
               struct buffer *lines)
{
    assert(text.length > 0 && text.data[text.length - 1] == '\n');
    uint8_t blob[key_id_bytes + time_bytes + ED25519_SIGNATURE];
    size_t length = key_id_bytes;
    put_big_endian(signer->key.id, blob, key_id_bytes);
    if (signer->key.type == NOTE_COSIGNATURE) {
        struct buffer message = {0};
        cosigned(text, unix_s, &message);
        put_big_endian(unix_s, blob + length, time_bytes);
        length += time_bytes;
        ed25519_sign(signer->seed, buffer_view(&message), blob + length);
        buffer_done(&message);
    } else {
        ed25519_sign(signer->seed, text, blob + length);
    }
    length += ED25519_SIGNATURE;
    buffer_format(lines, "%s%s ", dash, signer->key.name);
    base64_encode(bytes_of(blob, length), lines);
    buffer_add_text(lines, "\n");
}
