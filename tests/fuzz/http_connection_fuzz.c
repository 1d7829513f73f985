/* The incoming side of a connection, fed the same bytes twice: at once, and in pieces whose lengths
 * the input's first bytes give. Both must tell the same requests and the same refusal.
 * Byte 0: bit 0 accepts chunked bodies; bytes 1..4: lengths of the pieces, in turn. */
#include "http_intake.h"

#include <stdlib.h>
#include <string.h>

enum { CONTROL = 5, BODY_MAX = 4096 };

static void tell_request(const struct http_intake *intake, struct buffer *story)
{
    buffer_format(story, "%s %s minor=%d keep=%d\n", intake->head.method, intake->target.path,
                  intake->head.minor, intake->head.keep_alive);
    for (size_t i = 0; i < intake->target.query_count; i++)
        buffer_format(story, "?%s=%s\n", intake->target.queries[i].name,
                      intake->target.queries[i].value);
    for (size_t i = 0; i < intake->head.header_count; i++)
        buffer_format(story, "%s: %s\n", intake->headers[i].name, intake->headers[i].value);
    buffer_add(story, intake->body.data, intake->body.length);
}

/* False: refused. */
static bool step_all(struct http_intake *intake, struct buffer *story)
{
    for (;;) {
        switch (http_intake_step(intake)) {
        case HTTP_INTAKE_MORE:
            return true;
        case HTTP_INTAKE_HEAD:
            intake->body_max = BODY_MAX;
            break;
        case HTTP_INTAKE_REQUEST:
            if (intake->body.length > BODY_MAX)
                abort();
            tell_request(intake, story);
            http_intake_next(intake);
            break;
        case HTTP_INTAKE_REFUSED:
            buffer_format(story, "refused %d\n", intake->status);
            return false;
        }
    }
}

/* pieces: NULL for as much at once as there is room. */
static void feed(const uint8_t *data, size_t size, bool chunked, const uint8_t *pieces,
                 struct buffer *ret_story)
{
    struct http_intake intake = {0};
    http_intake_open(&intake, chunked);
    bool going = true;
    for (size_t i = 0; going && size > 0; i++) {
        size_t length, want = pieces ? (size_t)pieces[i % 4] + 1 : size;
        char *room = http_intake_room(&intake, &length);
        length = length < want ? length : want;
        length = length < size ? length : size;
        if (length == 0)
            abort(); /* a step to MORE always leaves room */
        memcpy(room, data, length);
        http_intake_received(&intake, length);
        data += length;
        size -= length;
        going = step_all(&intake, ret_story);
    }
    http_intake_close(&intake);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer one = {0}, other = {0};
    if (size < CONTROL)
        return 0;
    feed(data + CONTROL, size - CONTROL, data[0] & 1, NULL, &one);
    feed(data + CONTROL, size - CONTROL, data[0] & 1, data + 1, &other);
    if (!bytes_equal(buffer_view(&one), buffer_view(&other)))
        abort();
    buffer_done(&one);
    buffer_done(&other);
    return 0;
}
