#include "form.h"

#include <ctype.h>
#include <string.h>

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (uint8_t)tolower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool decode(struct bytes text, struct arena *arena, const char **ret_text, struct err *err)
{
    char *out = arena_array(arena, text.length + 1, 1);
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        int c = text.data[i];
        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            int high = i + 2 < text.length ? hex_digit(text.data[i + 1]) : -1;
            int low = i + 2 < text.length ? hex_digit(text.data[i + 2]) : -1;
            if (high < 0 || low < 0)
                return err_set(err, ERR_REJECT, "form: bad percent encoding");
            c = high * 16 + low;
            i += 2;
        }
        if (c == '\0')
            return err_set(err, ERR_REJECT, "form: NUL in a value");
        out[length++] = (char)c;
    }
    *ret_text = out;
    return true;
}

static size_t run_until(struct bytes text, char end)
{
    const uint8_t *found = text.length ? memchr(text.data, end, text.length) : NULL;
    return found ? (size_t)(found - text.data) : text.length;
}

static struct bytes skip(struct bytes text, size_t length)
{
    return length < text.length ? bytes_of(text.data + length, text.length - length)
                                : bytes_of("", 0);
}

bool form_parse(struct bytes text, struct arena *arena, struct form *ret_form, struct err *err)
{
    struct form_pair *pairs = arena_array(arena, FORM_PAIRS_MAX, sizeof *pairs);
    size_t count = 0;
    while (text.length > 0) {
        struct bytes pair = {text.data, run_until(text, '&')};
        text = skip(text, pair.length + 1);
        if (pair.length == 0)
            continue;
        if (count == FORM_PAIRS_MAX)
            return err_set(err, ERR_REJECT, "form: more than %d fields", FORM_PAIRS_MAX);
        size_t name_length = run_until(pair, '=');
        if (!decode(bytes_of(pair.data, name_length), arena, &pairs[count].name, err)
            || !decode(skip(pair, name_length + 1), arena, &pairs[count].value, err))
            return false;
        count++;
    }
    *ret_form = (struct form){pairs, count};
    return true;
}

const char *form_get(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->pairs[i].name, name) == 0)
            return form->pairs[i].value;
    return NULL;
}

void form_encode(struct bytes value, struct buffer *out)
{
    for (size_t i = 0; i < value.length; i++) {
        uint8_t c = value.data[i];
        if (isalnum(c) || (c && strchr("-_.~", c)))
            buffer_add(out, &c, 1);
        else
            buffer_format(out, "%%%02X", c);
    }
}
