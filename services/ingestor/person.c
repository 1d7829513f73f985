#include "person.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

enum { text_bytes_max = 320 }; /* the longest address there is */

/* Lower case without any white space. */
static size_t normal_email(const char *text, char out[static text_bytes_max])
{
    size_t length = 0;
    for (; *text && length < text_bytes_max; text++)
        if (!isspace((unsigned char)*text))
            out[length++] = (char)tolower((unsigned char)*text);
    return memchr(out, '@', length) ? length : 0;
}

/* Digits alone, without the zeros that dial out of a country. */
static size_t normal_phone(const char *text, char out[static text_bytes_max])
{
    size_t length = 0;
    for (; *text && length < text_bytes_max; text++)
        if (isdigit((unsigned char)*text) && (length || *text != '0'))
            out[length++] = *text;
    return length >= 7 ? length : 0;
}

bool person_key(struct bytes key, const struct person *person, struct hash *ret_hash)
{
    char text[text_bytes_max];
    BUFFER message = {0};
    size_t length;
    assert(key.length >= HASH_BYTES);
    if ((length = normal_email(person->email, text)) > 0)
        buffer_add_text(&message, "email ");
    else if ((length = normal_phone(person->phone, text)) > 0)
        buffer_add_text(&message, "phone ");
    else if (*person->customer)
        buffer_format(&message, "customer %s %s", person->shop, person->customer);
    else
        return false;
    buffer_add(&message, text, length);
    *ret_hash = hash_hmac_sha256(key, buffer_view(&message));
    return true;
}
