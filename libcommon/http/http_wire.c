/* http_wire: one pass over the bytes, line ends first, then the names that must not repeat. */
#include "http_wire.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

static enum http_wire_verdict refuse(struct http_wire *wire, int status, const char *detail)
{
    wire->status = status;
    wire->detail = detail;
    return HTTP_WIRE_REFUSED;
}

/* Tab may stand in a header's value; bytes over 0x7f too, but not in the request line. */
static bool byte_fits(const struct http_wire *wire, unsigned char byte)
{
    if (byte == '\t' || byte >= 0x80)
        return wire->lines > 0;
    return byte >= ' ' && byte != 0x7f;
}

/* A header's name: RFC 9110's token up to the colon, so no space before it either. */
static bool is_header(const char *line, size_t length)
{
    static const bool token[256] = {
        ['a' ... 'z'] = true, ['A' ... 'Z'] = true, ['0' ... '9'] = true, ['!'] = true,
        ['#'] = true,         ['$'] = true,         ['%'] = true,         ['&'] = true,
        ['\''] = true,        ['*'] = true,         ['+'] = true,         ['-'] = true,
        ['.'] = true,         ['^'] = true,         ['_'] = true,         ['`'] = true,
        ['|'] = true,         ['~'] = true,
    };
    size_t at = 0;
    while (at < length && token[(unsigned char)line[at]])
        at++;
    return at > 0 && at < length && line[at] == ':';
}

static bool is_named(const char *line, size_t length, const char *name)
{
    size_t name_length = strlen(name);
    return length > name_length && line[name_length] == ':'
        && strncasecmp(line, name, name_length) == 0;
}

static void count_name(struct http_wire *wire, const char *line, size_t length)
{
    wire->hosts += is_named(line, length, "host");
    wire->lengths += is_named(line, length, "content-length");
    wire->codings += is_named(line, length, "transfer-encoding");
}

/* "GET /path HTTP/1.1": some parsers would take more spaces and drop them. */
static bool has_two_spaces(const char *line, size_t length)
{
    size_t spaces = 0;
    for (size_t i = 0; i < length; i++)
        spaces += line[i] == ' ';
    return spaces == 2;
}

static enum http_wire_verdict judge_whole(struct http_wire *wire)
{
    if (wire->codings > 0 && !wire->accept_chunked)
        return refuse(wire, 411, "Transfer-Encoding is not accepted: send Content-Length");
    if (wire->codings + wire->lengths > 1)
        return refuse(wire, 400, "more than one length of the body");
    if (wire->hosts != 1)
        return refuse(wire, 400, "exactly one Host header is needed");
    return HTTP_WIRE_WHOLE;
}

/* At the LF in head[at], its CR known to stand before it. */
static enum http_wire_verdict end_line(struct http_wire *wire, const char *head, size_t at)
{
    size_t length = at - 1 - wire->line_start;
    wire->checked = at + 1;
    if (length == 0)
        return wire->lines > 0 ? judge_whole(wire) : refuse(wire, 400, "no request line");

    const char *line = head + wire->line_start;
    if (wire->lines == 0 && !has_two_spaces(line, length))
        return refuse(wire, 400, "a request line is method, target and version");
    if (wire->lines > 0 && !is_header(line, length))
        return refuse(wire, 400, "a header is a name, a colon and a value");
    if (wire->lines > 0)
        count_name(wire, line, length);
    wire->lines++;
    if (wire->lines > HTTP_HEADERS_MAX + 1)
        return refuse(wire, 431, "more than 100 headers");
    wire->line_start = at + 1;
    return HTTP_WIRE_MORE;
}

static enum http_wire_verdict check_byte(struct http_wire *wire, const char *head, size_t at)
{
    unsigned char byte = (unsigned char)head[at];
    bool after_cr = at > 0 && head[at - 1] == '\r';

    if (after_cr != (byte == '\n'))
        return refuse(wire, 400, "CR and LF stand only together");
    if (byte == '\n')
        return end_line(wire, head, at);
    if (at == wire->line_start && (byte == ' ' || byte == '\t'))
        return refuse(wire, 400, "a line begins with white space");
    if (byte != '\r' && !byte_fits(wire, byte))
        return refuse(wire, 400, "a byte that may not stand in a header block");
    wire->checked = at + 1;
    return HTTP_WIRE_MORE;
}

enum http_wire_verdict http_wire_check(struct http_wire *wire, const char *head, size_t length)
{
    assert(wire->checked <= length);

    enum http_wire_verdict verdict = HTTP_WIRE_MORE;
    while (verdict == HTTP_WIRE_MORE && wire->checked < length) {
        if (wire->checked == HTTP_HEAD_BYTES_MAX)
            return refuse(wire, 431, "the header block is over 16 KiB");
        verdict = check_byte(wire, head, wire->checked);
    }
    return verdict;
}
