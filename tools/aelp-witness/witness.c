#include "witness.h"

#include "durable.h"
#include "lines.h"
#include "path.h"

#include <string.h>

enum { proof_lines_max = 63, signatures_max = 16, cosignature_bytes_max = 512 };
static const char text_plain[] = "text/plain; charset=utf-8";

bool witness_key(const char *folder, const char *name, struct note_signer *ret_signer,
                 struct err *err)
{
    uint8_t seed[ED25519_SEED];
    return durable_folder(folder, err) && durable_seed(folder, "witness.key", seed, err)
        && note_signer_make(name, NOTE_COSIGNATURE, seed, ret_signer, err);
}

bool witness_open(struct witness *witness, const char *folder, const char *name, struct err *err)
{
    *witness = (struct witness){.folder = folder};
    return durable_folder(folder, err) && durable_lock(folder, err)
        && witness_key(folder, name, &witness->signer, err);
}

/* The last note, which must be of this log; nothing where none was cosigned. */
static bool load(struct witness *witness, struct witness_log *log, struct err *err)
{
    struct buffer note = {0};
    struct checkpoint checkpoint;
    bool found;
    bool good = durable_read(witness->folder, log->file, NOTE_BYTES_MAX, &note, &found, err)
        && (!found || checkpoint_open(buffer_view(&note), &log->key, &checkpoint, err));
    if (good && found) {
        log->size = checkpoint.size;
        log->root = checkpoint.root;
    }
    buffer_done(&note);
    return good || err_context(err, "state of %s", log->key.name);
}

bool witness_add_log(struct witness *witness, const char *vkey, struct err *err)
{
    if (witness->log_count == WITNESS_LOGS_MAX)
        return err_set(err, ERR_FATAL, "more than %d logs", WITNESS_LOGS_MAX);
    struct witness_log *log = &witness->log[witness->log_count];
    *log = (struct witness_log){0};
    if (!note_key_parse(vkey, &log->key, err))
        return false;
    if (log->key.type != NOTE_ED25519)
        return err_set(err, ERR_REJECT, "%s is not the key of a log", log->key.name);
    struct hash hash = hash_sha256(bytes_of_text(log->key.name));
    hex_encode(hash_view(&hash), log->file);
    if (!load(witness, log, err))
        return false;
    witness->log_count++;
    return true;
}

static void reply(struct witness_reply *reply, int status, const char *text)
{
    reply->status = status;
    reply->type = text_plain;
    buffer_format(&reply->body, "%s\n", text);
}

static void reply_size(struct witness_reply *reply, uint64_t size)
{
    reply->status = 409;
    reply->type = "text/x.tlog.size";
    buffer_format(&reply->body, "%llu\n", (unsigned long long)size);
}

struct request {
    uint64_t old_size;
    struct path proof;
    struct note note;
    struct bytes note_bytes;
    struct checkpoint checkpoint;
};

static bool request_parse(struct bytes body, struct request *request, struct err *err)
{
    struct bytes line, number;
    if (!line_next(&body, &line) || !line_starts(line, "old ", &number)
        || !line_number(number, &request->old_size))
        return err_set(err, ERR_REJECT, "the first line is not the old size");
    for (;;) {
        if (!line_next(&body, &line))
            return err_set(err, ERR_REJECT, "no empty line before the checkpoint");
        if (line.length == 0)
            break;
        if (request->proof.count == proof_lines_max)
            return err_set(err, ERR_REJECT, "more than %d proof lines", proof_lines_max);
        if (!line_hash(line, &request->proof.hash[request->proof.count++]))
            return err_set(err, ERR_REJECT, "a proof line is not a hash");
    }
    request->note_bytes = body;
    if (!note_parse(body, &request->note, err)
        || !checkpoint_parse(request->note.text, &request->checkpoint, err))
        return false;
    /* With our own line it must be a note that can be read again. */
    if (request->note.signature_count > signatures_max
        || body.length > NOTE_BYTES_MAX - cosignature_bytes_max)
        return err_set(err, ERR_REJECT, "the checkpoint has too many signatures");
    return true;
}

static struct witness_log *log_of(struct witness *witness, struct bytes origin)
{
    for (size_t i = 0; i < witness->log_count; i++)
        if (bytes_equal(origin, bytes_of_text(witness->log[i].key.name)))
            return &witness->log[i];
    return NULL;
}

/* Is the new tree the old one, grown? */
static bool grown(const struct witness_log *log, const struct request *request)
{
    const struct checkpoint *next = &request->checkpoint;
    if (log->size == 0)
        return request->proof.count == 0;
    return path_consistent(&request->proof, log->size, next->size, &log->root, &next->root);
}

/* Another root for the size last cosigned. */
static bool rewrites(const struct witness_log *log, const struct checkpoint *next)
{
    return log->size > 0 && log->size == next->size && !hash_equal(&log->root, &next->root);
}

/* On disk first, with the log's own signatures; then in memory; then it may be said. */
static bool cosign(struct witness *witness, struct witness_log *log, const struct request *request,
                   uint64_t unix_s, struct buffer *lines, struct err *err)
{
    struct buffer note = {0};
    note_sign(&witness->signer, request->note.text, unix_s, lines);
    buffer_add(&note, request->note_bytes.data, request->note_bytes.length);
    buffer_add(&note, lines->data, lines->length);
    bool good = durable_write(witness->folder, log->file, buffer_view(&note), err);
    buffer_done(&note);
    if (good) {
        log->size = request->checkpoint.size;
        log->root = request->checkpoint.root;
    }
    return good;
}

static bool empty_tree_good(const struct checkpoint *checkpoint)
{
    struct hash empty = tree_root(&(struct tree){0});
    return checkpoint->size > 0 || hash_equal(&checkpoint->root, &empty);
}

static void decide(struct witness *witness, const struct request *request, uint64_t unix_s,
                   struct witness_reply *ret_reply)
{
    const struct checkpoint *next = &request->checkpoint;
    struct witness_log *log = log_of(witness, next->origin);
    struct note_seen seen;
    struct err err = {0};
    if (!log)
        reply(ret_reply, 404, "this log is not known here");
    else if (!note_verify(&request->note, &log->key, 1, &seen, &err))
        reply(ret_reply, 403, err.text);
    else if (request->old_size > next->size)
        reply(ret_reply, 400, "the old size is larger than the checkpoint's");
    else if (request->old_size != log->size || rewrites(log, next))
        reply_size(ret_reply, log->size);
    else if (!grown(log, request) || !empty_tree_good(next))
        reply(ret_reply, 422, "the proof does not lead from the old root to the new one");
    else if (!cosign(witness, log, request, unix_s, &ret_reply->body, &err)) {
        buffer_clear(&ret_reply->body);
        reply(ret_reply, 500, "the state could not be written");
    } else {
        ret_reply->status = 200;
        ret_reply->type = text_plain;
    }
}

void witness_add_checkpoint(struct witness *witness, struct bytes body, uint64_t unix_s,
                            struct witness_reply *ret_reply)
{
    struct request request = {0};
    struct err err = {0};
    *ret_reply = (struct witness_reply){0};
    if (request_parse(body, &request, &err))
        decide(witness, &request, unix_s, ret_reply);
    else
        reply(ret_reply, 400, err.text);
}

void witness_get_checkpoint(const struct witness *witness, const char *file,
                            struct witness_reply *ret_reply)
{
    struct err err = {0};
    bool found = false;
    *ret_reply = (struct witness_reply){0};
    for (size_t i = 0; i < witness->log_count && !found; i++)
        if (strcmp(witness->log[i].file, file) == 0
            && !durable_read(witness->folder, file, NOTE_BYTES_MAX, &ret_reply->body, &found,
                             &err)) {
            buffer_clear(&ret_reply->body);
            reply(ret_reply, 500, "the state could not be read");
            return;
        }
    if (!found) {
        reply(ret_reply, 404, "nothing is cosigned for this log");
        return;
    }
    ret_reply->status = 200;
    ret_reply->type = text_plain;
}
