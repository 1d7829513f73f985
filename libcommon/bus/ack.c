#include "ack.h"

#include <string.h>

enum { tokens_short = 7, tokens_domain = 9, tokens_long = 10 };

struct token {
    const char *text;
    size_t length;
};

/* At most max, and max + 1 when there are more. */
static size_t split(const char *text, struct token tokens[], size_t max)
{
    size_t count = 0;
    for (;;) {
        const char *end = strchrnul(text, '.');
        if (count == max)
            return max + 1;
        tokens[count++] = (struct token){text, (size_t)(end - text)};
        if (*end == '\0')
            return count;
        text = end + 1;
    }
}

static bool number(struct token token, uint64_t *ret_number)
{
    uint64_t value = 0;
    for (size_t i = 0; i < token.length; i++) {
        unsigned digit = (unsigned)token.text[i] - '0';
        if (digit > 9 || __builtin_mul_overflow(value, 10, &value)
            || __builtin_add_overflow(value, digit, &value))
            return false;
    }
    *ret_number = value;
    return token.length > 0;
}

bool ack_parse(const char *reply, struct ack *ret_ack)
{
    static const char prefix[] = "$JS.ACK.";
    struct token tokens[tokens_long];
    struct ack ack = {0};
    uint64_t time_ns;

    if (strncmp(reply, prefix, sizeof prefix - 1) != 0)
        return false;
    size_t count = split(reply + sizeof prefix - 1, tokens, tokens_long);
    if (count != tokens_short && count != tokens_domain && count != tokens_long)
        return false;
    const struct token *token = count == tokens_short ? tokens : tokens + 2;
    if (token[0].length == 0 || token[1].length == 0 || !number(token[2], &ack.deliveries)
        || !number(token[3], &ack.sequence) || !number(token[4], &ack.consumer_sequence)
        || !number(token[5], &time_ns) || !number(token[6], &ack.pending))
        return false;
    ack.stream = token[0].text;
    ack.stream_length = token[0].length;
    ack.consumer = token[1].text;
    ack.consumer_length = token[1].length;
    *ret_ack = ack;
    return true;
}

bool ack_is_from(const struct ack *ack, const char *consumer)
{
    return strlen(consumer) == ack->consumer_length
        && memcmp(consumer, ack->consumer, ack->consumer_length) == 0;
}
