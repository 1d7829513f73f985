#include "mrkdwn.h"

#include "utf8.h"

#include <assert.h>
#include <string.h>

static const char ellipsis[] = "…";

/* One character of the text as Slack must get it; returns how many bytes of text it took. */
static size_t escape(const char *text, size_t length, const char **ret_form, size_t *ret_bytes,
                     size_t *ret_chars)
{
    static const struct {
        char plain;
        const char *form;
    } escapes[] = {
        {'&', "&amp;"},
        {'<', "&lt;" },
        {'>', "&gt;" },
    };
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++) {
        if (*text == escapes[i].plain) {
            *ret_form = escapes[i].form;
            *ret_bytes = *ret_chars = strlen(escapes[i].form);
            return 1;
        }
    }
    size_t step = utf8_step(bytes_of(text, length));
    *ret_form = step ? text : "?";
    *ret_bytes = step ? step : 1;
    *ret_chars = 1;
    return *ret_bytes;
}

void mrkdwn_add(struct buffer *out, const char *text, size_t chars_max)
{
    assert(chars_max > 0);
    size_t left = strlen(text), chars = 0;
    size_t cut_at = out->length; /* where "…" still fits */
    while (left > 0) {
        const char *form;
        size_t form_bytes, form_chars;
        size_t taken = escape(text, left, &form, &form_bytes, &form_chars);
        if (chars + form_chars > chars_max) {
            out->length = cut_at;
            buffer_add_text(out, ellipsis);
            return;
        }
        buffer_add(out, form, form_bytes);
        chars += form_chars;
        if (chars < chars_max)
            cut_at = out->length;
        text += taken;
        left -= taken;
    }
}
