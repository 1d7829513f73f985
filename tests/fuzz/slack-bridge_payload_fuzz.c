/* Any body of an interactivity request is read or refused; what was read is fit to be sent on. */
#include "card.h"
#include "payload.h"
#include "signature.h"

#include "json.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct bytes body = bytes_of(data, size);
    struct payload payload;
    struct err err = {0};
    if (payload_parse(body, arena, &payload, &err)) {
        struct buffer out = {0};
        OWNED(json_t) *json = NULL;
        card_write_reason_view(payload.trigger_id, &payload.saga, &payload.content, &out);
        assert(json_parse(buffer_view(&out), 1 << 20, &json, &err));
        buffer_clear(&out);
        card_write_whisper(payload.reason[0] ? payload.reason : "no", NULL, payload.user, &out);
        (void)payload_url_is_slacks(payload.response_url, "https://slack.com/api"); /* no crash */
        buffer_done(&out);
    } else {
        assert(err.kind == ERR_REJECT && err.text[0]);
    }
    char *text = arena_text(arena, (const char *)data, size);
    assert(!signature_is_good("8f742231b10e8888abcd99yyyzzz85a5", text, text, body, 1763730000));
    arena_free(arena);
    return 0;
}
