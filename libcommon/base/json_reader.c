/* json_reader: a failure puts the reader at its end, so that nothing on the fast way asks whether
 * there was one. */
#include "json_reader.h"

#include "hash.h"
#include "utf8.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

static const char broken_off[] = "it breaks off";

struct json_reader json_reader_of(struct bytes text, struct arena *arena)
{
    const uint8_t *begin = text.length ? text.data : (const uint8_t *)"";
    return (struct json_reader){
        .begin = begin, .at = begin, .end = begin + text.length, .arena = arena};
}

bool json_reader_fail(struct json_reader *reader, const char *rule)
{
    if (!reader->failure) {
        reader->failure = rule;
        reader->failed_at = (size_t)(reader->at - reader->begin);
    }
    reader->at = reader->end;
    return false;
}

static void pass_space(struct json_reader *reader)
{
    while (reader->at < reader->end
           && (*reader->at == ' ' || *reader->at == '\n' || *reader->at == '\r'
               || *reader->at == '\t'))
        reader->at++;
}

bool json_reader_good(const struct json_reader *reader, struct err *err)
{
    if (reader->failure)
        return err_set(err, ERR_REJECT, "JSON: byte %zu: %s", reader->failed_at, reader->failure);
    return true;
}

bool json_reader_end(struct json_reader *reader, struct err *err)
{
    pass_space(reader);
    if (!reader->failure && reader->at < reader->end)
        json_reader_fail(reader, "more behind the end");
    assert(reader->failure || reader->depth == 0);
    return json_reader_good(reader, err);
}

enum json_next json_reader_next(struct json_reader *reader)
{
    static const uint8_t kinds[256] = {
        ['{'] = JSON_NEXT_OBJECT, ['['] = JSON_NEXT_ARRAY,  ['"'] = JSON_NEXT_TEXT,
        ['-'] = JSON_NEXT_NUMBER, ['0'] = JSON_NEXT_NUMBER, ['1'] = JSON_NEXT_NUMBER,
        ['2'] = JSON_NEXT_NUMBER, ['3'] = JSON_NEXT_NUMBER, ['4'] = JSON_NEXT_NUMBER,
        ['5'] = JSON_NEXT_NUMBER, ['6'] = JSON_NEXT_NUMBER, ['7'] = JSON_NEXT_NUMBER,
        ['8'] = JSON_NEXT_NUMBER, ['9'] = JSON_NEXT_NUMBER, ['t'] = JSON_NEXT_TRUE,
        ['f'] = JSON_NEXT_FALSE,  ['n'] = JSON_NEXT_NULL,
    };
    pass_space(reader);
    return reader->at < reader->end ? (enum json_next)kinds[*reader->at] : JSON_NEXT_NOTHING;
}

static bool take_byte(struct json_reader *reader, uint8_t wanted, const char *rule)
{
    pass_space(reader);
    if (reader->at == reader->end)
        return json_reader_fail(reader, broken_off);
    if (*reader->at != wanted)
        return json_reader_fail(reader, rule);
    reader->at++;
    return true;
}

static bool open_bracket(struct json_reader *reader, uint8_t bracket, const char *rule)
{
    if (!take_byte(reader, bracket, rule))
        return false;
    if (++reader->depth > JSON_READER_DEPTH_MAX)
        return json_reader_fail(reader, "too many levels");
    reader->fresh = true;
    return true;
}

bool json_reader_object(struct json_reader *reader)
{
    return open_bracket(reader, '{', "an object was expected");
}

bool json_reader_array(struct json_reader *reader)
{
    return open_bracket(reader, '[', "an array was expected");
}

/* To what stands behind the bracket or the comma; false: the bracket closes. */
static bool step(struct json_reader *reader, uint8_t bracket)
{
    bool first = reader->fresh;
    reader->fresh = false;
    pass_space(reader);
    if (reader->at == reader->end)
        return json_reader_fail(reader, broken_off);
    if (*reader->at == bracket) {
        reader->at++;
        reader->depth--;
        return false;
    }
    return first || take_byte(reader, ',', "a comma or the closing bracket was expected");
}

bool json_reader_member(struct json_reader *reader, struct bytes *ret_name)
{
    if (!step(reader, '}'))
        return false;
    *ret_name = json_reader_text(reader);
    return take_byte(reader, ':', "a colon was expected");
}

bool json_reader_item(struct json_reader *reader)
{
    return step(reader, ']');
}

static bool is_plain(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

/* How many of the next eight bytes are plain. Each term has the high bit of a byte that is not so,
 * and maybe of some above the first of them, which do not count. */
static size_t plain_of_eight(const uint8_t *at)
{
    const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
    uint64_t eight;
    memcpy(&eight, at, sizeof eight);
    eight = le64toh(eight);
    uint64_t quote = eight ^ (ones * '"'), backslash = eight ^ (ones * '\\');
    uint64_t special = eight | ((eight - ones * 0x20) & ~eight) | ((quote - ones) & ~quote)
        | ((backslash - ones) & ~backslash);
    return special & highs ? (size_t)__builtin_ctzll(special & highs) / 8 : sizeof eight;
}

static const uint8_t *behind_plain(const uint8_t *at, const uint8_t *end)
{
    while (end - at >= 8) {
        size_t plain = plain_of_eight(at);
        at += plain;
        if (plain < 8)
            return at;
    }
    while (at < end && is_plain(*at))
        at++;
    return at;
}

/* Four hex digits; -1: they are not. */
static int32_t code_unit(const uint8_t *at, const uint8_t *end)
{
    int32_t unit = 0;
    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int value = hex_value((char)at[i]);
        if (value < 0)
            return -1;
        unit = unit * 16 + value;
    }
    return unit;
}

static size_t put_utf8(uint32_t code, uint8_t *out)
{
    size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const uint8_t heads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = length; i-- > 1; code >>= 6)
        out[i] = (uint8_t)(0x80 | (code & 0x3f));
    out[0] = (uint8_t)(heads[length] | code);
    return length;
}

/* What follows \u, one or two units; gives the place behind them, or NULL. */
static const uint8_t *take_code(const uint8_t *at, const uint8_t *end, uint32_t *ret_code)
{
    int32_t unit = code_unit(at, end);
    if (unit <= 0 || (unit >= 0xdc00 && unit <= 0xdfff))
        return NULL;
    at += 4;
    *ret_code = (uint32_t)unit;
    if (unit < 0xd800 || unit > 0xdbff)
        return at;
    int32_t low = end - at >= 2 && at[0] == '\\' && at[1] == 'u' ? code_unit(at + 2, end) : -1;
    if (low < 0xdc00 || low > 0xdfff)
        return NULL;
    *ret_code = 0x10000 + (((uint32_t)unit - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
    return at + 6;
}

/* What an escape, its backslash passed, stands for; false: it is none. */
static bool take_escape(const uint8_t **at, const uint8_t *end, uint32_t *ret_code)
{
    static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    if (*at == end)
        return false;
    uint8_t name = *(*at)++;
    if (name == 'u') {
        *at = take_code(*at, end, ret_code);
        return *at != NULL;
    }
    const char *found = memchr(names, name, sizeof names - 1);
    if (found)
        *ret_code = (uint8_t)meant[found - names];
    return found != NULL;
}

/* Never longer than what was written. out may be NULL: only checked. */
static bool unescape(struct bytes written, uint8_t *out, size_t *ret_length)
{
    const uint8_t *at = written.data, *end = written.data + written.length;
    uint8_t scratch[4];
    size_t length = 0;
    while (at < end) {
        uint32_t code = 0;
        if (*at != '\\') {
            if (out)
                out[length] = *at;
            at++;
            length++;
            continue;
        }
        at++;
        if (!take_escape(&at, end, &code))
            return false;
        length += put_utf8(code, out ? out + length : scratch);
    }
    *ret_length = length;
    return true;
}

/* Behind the opening quote and some plain bytes. */
static struct bytes take_special_text(struct json_reader *reader, const uint8_t *begin, bool wanted)
{
    bool escaped = false;
    while (reader->at < reader->end && *reader->at != '"') {
        if (*reader->at < 0x20) {
            json_reader_fail(reader, "a control byte in a text");
            return (struct bytes){0};
        }
        bool escape = *reader->at == '\\';
        escaped |= escape;
        reader->at += escape && reader->end - reader->at > 1 ? 2 : 1;
    }
    if (reader->at == reader->end) {
        json_reader_fail(reader, broken_off);
        return (struct bytes){0};
    }
    struct bytes text = bytes_of(begin, (size_t)(reader->at - begin));
    reader->at++;
    if (!utf8_valid(text)) {
        json_reader_fail(reader, "not UTF-8");
    } else if (escaped) {
        uint8_t *out = wanted ? arena_new_bytes(reader->arena, text.length + 1) : NULL;
        if (!unescape(text, out, &text.length))
            json_reader_fail(reader, "a malformed escape");
        text.data = out;
    }
    return reader->failure ? (struct bytes){0} : text;
}

static struct bytes take_text(struct json_reader *reader, bool wanted)
{
    if (!take_byte(reader, '"', "a text was expected"))
        return (struct bytes){0};
    const uint8_t *begin = reader->at;
    reader->at = behind_plain(begin, reader->end);
    if (reader->at == reader->end || *reader->at != '"')
        return take_special_text(reader, begin, wanted);
    return bytes_of(begin, (size_t)(reader->at++ - begin));
}

struct bytes json_reader_text(struct json_reader *reader)
{
    return take_text(reader, true);
}

/* True: at least one digit. */
static bool pass_digits(struct json_reader *reader)
{
    const uint8_t *begin = reader->at;
    while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9')
        reader->at++;
    return reader->at > begin;
}

static bool pass_one_of(struct json_reader *reader, uint8_t a, uint8_t b)
{
    bool found = reader->at < reader->end && (*reader->at == a || *reader->at == b);
    reader->at += found;
    return found;
}

struct bytes json_reader_number(struct json_reader *reader)
{
    pass_space(reader);
    const uint8_t *begin = reader->at;
    (void)pass_one_of(reader, '-', '-'); /* may be absent */
    bool good = pass_one_of(reader, '0', '0') || pass_digits(reader);
    if (good && pass_one_of(reader, '.', '.'))
        good = pass_digits(reader);
    if (good && pass_one_of(reader, 'e', 'E')) {
        (void)pass_one_of(reader, '+', '-'); /* may be absent */
        good = pass_digits(reader);
    }
    if (!good) {
        json_reader_fail(reader, "a number was expected");
        return (struct bytes){0};
    }
    return bytes_of(begin, (size_t)(reader->at - begin));
}

static bool take_word(struct json_reader *reader, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(reader->end - reader->at) < length || memcmp(reader->at, word, length) != 0)
        return json_reader_fail(reader, "a value was expected");
    reader->at += length;
    return true;
}

bool json_reader_bool(struct json_reader *reader)
{
    enum json_next next = json_reader_next(reader);
    if (next == JSON_NEXT_TRUE)
        return take_word(reader, "true");
    if (next == JSON_NEXT_FALSE)
        return take_word(reader, "false") && false;
    return json_reader_fail(reader, "true or false was expected");
}

void json_reader_skip(struct json_reader *reader)
{
    struct bytes name;
    switch (json_reader_next(reader)) {
    case JSON_NEXT_OBJECT:
        if (json_reader_object(reader))
            while (json_reader_member(reader, &name))
                json_reader_skip(reader);
        break;
    case JSON_NEXT_ARRAY:
        if (json_reader_array(reader))
            while (json_reader_item(reader))
                json_reader_skip(reader);
        break;
    case JSON_NEXT_TEXT:
        (void)take_text(reader, false);
        break;
    case JSON_NEXT_NUMBER:
        (void)json_reader_number(reader);
        break;
    case JSON_NEXT_TRUE:
    case JSON_NEXT_FALSE:
        (void)json_reader_bool(reader);
        break;
    case JSON_NEXT_NULL:
        (void)take_word(reader, "null"); /* a failure stays in the reader */
        break;
    case JSON_NEXT_NOTHING:
        json_reader_fail(reader, "a value was expected");
        break;
    }
}
