#include "cosigner.h"

#include "lines.h"

#include <stdio.h>

enum { answer_bytes_max = 16 * 1024 };
static const int64_t answer_ms = 3000;
static const int64_t breaker_ms = 1000;

bool cosigner_open(struct cosigner *cosigner, const char *url, const char *vkey, struct err *err)
{
    *cosigner = (struct cosigner){0};
    int length = snprintf(cosigner->url, sizeof cosigner->url, "%s/add-checkpoint", url);
    if (length < 0 || (size_t)length >= sizeof cosigner->url)
        return err_set(err, ERR_FATAL, "the witness's address is too long");
    if (!note_key_parse(vkey, &cosigner->key, err))
        return err_context(err, "the witness's key");
    struct http_client_settings settings = {.host_rate_per_s = 100, .breaker_open_ms = breaker_ms};
    cosigner->client = http_client_new(&settings);
    return true;
}

void cosigner_close(struct cosigner *cosigner)
{
    if (cosigner->client)
        http_client_free(cosigner->client);
    *cosigner = (struct cosigner){0};
}

static bool request_body(const struct path_tiles *tiles, uint64_t from, uint64_t to,
                         struct bytes note, struct buffer *body, struct err *err)
{
    struct path path = {0};
    if (from > to)
        return err_set(err, ERR_REJECT,
                       "the witness has seen %llu leaves, the tree has %llu: the database was "
                       "restored or rewritten",
                       (unsigned long long)from, (unsigned long long)to);
    if (from > 0 && !path_consistency(tiles, from, to, &path, err))
        return false;
    buffer_format(body, "old %llu\n", (unsigned long long)from);
    for (size_t i = 0; i < path.count; i++)
        line_add_hash(&path.hash[i], body);
    buffer_add_text(body, "\n");
    buffer_add(body, note.data, note.length);
    return true;
}

/* Only lines that make the note carry the witness's true signature are taken. */
static bool take_lines(const struct cosigner *cosigner, struct bytes lines, struct buffer *note,
                       struct err *err)
{
    struct buffer joined = {0};
    struct note parsed;
    struct note_seen seen;
    buffer_add(&joined, note->data, note->length);
    buffer_add(&joined, lines.data, lines.length);
    bool good = note_parse(buffer_view(&joined), &parsed, err)
        && note_verify(&parsed, &cosigner->key, 1, &seen, err);
    if (good)
        buffer_add(note, lines.data, lines.length);
    buffer_done(&joined);
    return good || err_context(err, "the witness's answer");
}

/* 409 tells the size the witness holds. */
static bool take_size(struct cosigner *cosigner, struct bytes answer, struct err *err)
{
    struct bytes line;
    uint64_t size;
    if (!line_next(&answer, &line) || !line_number(line, &size))
        return err_set(err, ERR_RETRY, "the witness answered 409 without a size");
    if (size == cosigner->size)
        return err_set(err, ERR_REJECT, "the witness holds another tree of %llu leaves",
                       (unsigned long long)size);
    cosigner->size = size;
    return true;
}

static bool ask_once(struct cosigner *cosigner, const struct path_tiles *tiles, uint64_t size,
                     struct buffer *note, bool *ret_stale, struct err *err)
{
    struct buffer body = {0};
    if (!request_body(tiles, cosigner->size, size, buffer_view(note), &body, err)) {
        buffer_done(&body);
        return false;
    }
    struct http_call call = {.method = "POST",
                             .url = cosigner->url,
                             .body = buffer_view(&body),
                             .write = true,
                             .timeout_ms = answer_ms,
                             .body_bytes_max = answer_bytes_max};
    http_client_run(cosigner->client, &call, 1);
    struct bytes answer = buffer_view(&call.result.body);
    bool good;
    *ret_stale = false;
    if (call.result.outcome != HTTP_ANSWERED) {
        good = err_set(err, ERR_RETRY, "the witness: %s", call.result.text);
    } else if (call.result.status == 200) {
        good = take_lines(cosigner, answer, note, err);
    } else if (call.result.status == 409) {
        *ret_stale = good = take_size(cosigner, answer, err);
    } else {
        good = err_set(err, ERR_RETRY, "the witness answered %d: %.*s", call.result.status,
                       (int)(answer.length < 200 ? answer.length : 200),
                       answer.data ? (const char *)answer.data : "");
    }
    http_call_done(&call);
    buffer_done(&body);
    return good;
}

bool cosigner_ask(struct cosigner *cosigner, const struct path_tiles *tiles, uint64_t size,
                  struct buffer *note, struct err *err)
{
    bool stale;
    if (!ask_once(cosigner, tiles, size, note, &stale, err))
        return false;
    if (stale && !ask_once(cosigner, tiles, size, note, &stale, err))
        return false;
    if (stale)
        return err_set(err, ERR_RETRY, "the witness's tree changes under us");
    cosigner->size = size;
    return true;
}
