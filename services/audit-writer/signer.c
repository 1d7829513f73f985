#include "signer.h"

#include "durable.h"

static const char state_file[] = "last-signed";
static const char vkey_file[] = "log.vkey";

/* The state is the signed note itself, so that nothing but the key can have written it. */
static bool load(struct signer *signer, struct err *err)
{
    struct buffer note = {0};
    struct checkpoint checkpoint;
    bool found;
    bool good = durable_read(signer->folder, state_file, NOTE_BYTES_MAX, &note, &found, err)
        && (!found || checkpoint_open(buffer_view(&note), &signer->note.key, &checkpoint, err));
    if (good && found) {
        signer->size = checkpoint.size;
        signer->root = checkpoint.root;
    }
    buffer_done(&note);
    return good || err_context(err, "%s/%s", signer->folder, state_file);
}

static bool write_vkey(const struct signer *signer, struct err *err)
{
    struct buffer text = {0};
    note_key_format(&signer->note.key, &text);
    buffer_add_text(&text, "\n");
    bool good = durable_write(signer->folder, vkey_file, buffer_view(&text), err)
        && durable_show(signer->folder, vkey_file, err);
    buffer_done(&text);
    return good;
}

bool signer_open(struct signer *signer, const char *folder, const char *origin, struct err *err)
{
    uint8_t seed[ED25519_SEED];
    *signer = (struct signer){.folder = folder};
    return durable_folder(folder, err) && durable_seed(folder, "log.key", seed, err)
        && note_signer_make(origin, NOTE_ED25519, seed, &signer->note, err)
        && write_vkey(signer, err) && load(signer, err);
}

static bool is_grown(const struct signer *signer, uint64_t size, const struct hash *root,
                     const struct path *path, struct err *err)
{
    if (size < signer->size)
        return err_set(err, ERR_REJECT,
                       "the tree has %llu leaves, but %llu were signed: the database was restored "
                       "or rewritten",
                       (unsigned long long)size, (unsigned long long)signer->size);
    if (signer->size > 0 && !path_consistent(path, signer->size, size, &signer->root, root))
        return err_set(err, ERR_REJECT,
                       "the tree of %llu leaves does not hold the %llu that were signed: the "
                       "database was restored or rewritten",
                       (unsigned long long)size, (unsigned long long)signer->size);
    return true;
}

bool signer_sign(struct signer *signer, uint64_t size, const struct hash *root,
                 const struct path *path, struct buffer *note, struct err *err)
{
    if (!is_grown(signer, size, root, path, err))
        return false;
    struct buffer signed_note = {0};
    checkpoint_sign(&signer->note, size, root, &signed_note);
    bool good = durable_write(signer->folder, state_file, buffer_view(&signed_note), err);
    if (good) {
        signer->size = size;
        signer->root = *root;
        buffer_add(note, signed_note.data, signed_note.length);
    }
    buffer_done(&signed_note);
    return good;
}
