/* http_form: decoding never lengthens a text, so it happens where the text stands. */
#include "http_form.h"

#include "hash.h"
#include "utf8.h"

#include <ctype.h>
#include <string.h>

bool http_percent_decode(char *text, bool plus_is_space)
{
    char *out = text;
    for (const char *in = text; *in; in++) {
        char byte = *in;
        if (byte == '+' && plus_is_space) {
            byte = ' ';
        } else if (byte == '%') {
            int high = hex_value(in[1]);
            int low = high < 0 ? -1 : hex_value(in[2]);
            if (low < 0 || high + low == 0)
                return false;
            byte = (char)(high * 16 + low);
            in += 2;
        }
        *out++ = byte;
    }
    *out = '\0';
    return utf8_valid(bytes_of_text(text));
}

/* Ends text at the first mark and gives what stands behind it, or NULL. */
static char *split(char *text, char mark)
{
    char *at = strchr(text, mark);
    if (!at)
        return NULL;
    *at = '\0';
    return at + 1;
}

bool http_form_parse(char *text, struct http_pair pairs[], size_t max, size_t *ret_count)
{
    size_t count = 0;
    for (char *next; text; text = next) {
        next = split(text, '&');
        if (*text == '\0')
            continue;
        char *value = split(text, '=');
        if (count == max)
            return false;
        if (!http_percent_decode(text, true) || (value && !http_percent_decode(value, true)))
            return false;
        pairs[count++] = (struct http_pair){.name = text, .value = value ? value : ""};
    }
    *ret_count = count;
    return true;
}

void http_form_add(struct buffer *form, const char *name, const char *value)
{
    buffer_format(form, "%s%s=", form->length ? "&" : "", name);
    for (; *value; value++) {
        unsigned char byte = (unsigned char)*value;
        buffer_format(form, isalnum(byte) || strchr("-._~", byte) ? "%c" : "%%%02X", byte);
    }
}
