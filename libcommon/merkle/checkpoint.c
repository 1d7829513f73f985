#include "checkpoint.h"

#include "lines.h"

bool checkpoint_parse(struct bytes text, struct checkpoint *ret_checkpoint, struct err *err)
{
    struct checkpoint checkpoint = {0};
    struct bytes rest = text, line;
    if (!line_next(&rest, &checkpoint.origin) || checkpoint.origin.length == 0)
        return err_set(err, ERR_REJECT, "checkpoint without an origin");
    if (!line_next(&rest, &line) || !line_number(line, &checkpoint.size))
        return err_set(err, ERR_REJECT, "checkpoint without a decimal size");
    if (!line_next(&rest, &line) || !line_hash(line, &checkpoint.root))
        return err_set(err, ERR_REJECT, "checkpoint without a root of 32 bytes");
    checkpoint.extension = rest;
    while (rest.length > 0)
        if (!line_next(&rest, &line) || line.length == 0)
            return err_set(err, ERR_REJECT, "checkpoint with an empty or unfinished line");
    *ret_checkpoint = checkpoint;
    return true;
}

void checkpoint_format(const struct checkpoint *checkpoint, struct buffer *text)
{
    buffer_add(text, checkpoint->origin.data, checkpoint->origin.length);
    buffer_format(text, "\n%llu\n", (unsigned long long)checkpoint->size);
    line_add_hash(&checkpoint->root, text);
    buffer_add(text, checkpoint->extension.data, checkpoint->extension.length);
}

void checkpoint_sign(const struct note_signer *log, uint64_t size, const struct hash *root,
                     struct buffer *note)
{
    struct checkpoint checkpoint = {
        .origin = bytes_of_text(log->key.name), .size = size, .root = *root};
    struct buffer text = {0};
    checkpoint_format(&checkpoint, &text);
    buffer_add(note, text.data, text.length);
    buffer_add_text(note, "\n");
    note_sign(log, buffer_view(&text), 0, note);
    buffer_done(&text);
}

bool checkpoint_open(struct bytes bytes, const struct note_key *log,
                     struct checkpoint *ret_checkpoint, struct err *err)
{
    struct note note;
    struct note_seen seen;
    struct checkpoint checkpoint = {0};
    if (!note_parse(bytes, &note, err) || !note_verify(&note, log, 1, &seen, err)
        || !checkpoint_parse(note.text, &checkpoint, err))
        return false;
    if (!bytes_equal(checkpoint.origin, bytes_of_text(log->name)))
        return err_set(err, ERR_REJECT, "the checkpoint is not of %s", log->name);
    *ret_checkpoint = checkpoint;
    return true;
}
