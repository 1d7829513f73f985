/* wire: what a header block may be made of, however it is cut. */
#include "http_wire.h"

#include "checks.h"

#include "bytes.h"
#include "mem.h"

static enum http_wire_verdict check(const char *head, size_t length, bool accept_chunked,
                                    struct http_wire *ret_wire)
{
    *ret_wire = (struct http_wire){.accept_chunked = accept_chunked};
    return http_wire_check(ret_wire, head, length);
}

static int status_of(const char *head, size_t length, bool accept_chunked)
{
    struct http_wire wire;
    enum http_wire_verdict verdict = check(head, length, accept_chunked, &wire);
    return verdict == HTTP_WIRE_REFUSED ? wire.status : verdict == HTTP_WIRE_WHOLE ? 200 : 0;
}

#define LINE "GET /a HTTP/1.1\r\n"
#define HOST "Host: a\r\n"

static void header_blocks_are_judged_by_their_bytes(void **state)
{
    static const struct {
        const char *head;
        int status; /* 0: more is needed */
    } cases[] = {
        {LINE HOST "\r\n",                                              200},
        {LINE "hOsT: a\r\nX:\tb\xc3\xa9\r\n\r\n",                       200},
        {LINE HOST,                                                     0  },
        {LINE HOST "\r",                                                0  },
        {LINE HOST "A: b\rC: d\r\n\r\n",                                400},
        {LINE HOST "A: b\r\r\n\r\n",                                    400},
        {LINE HOST "A: b\n\r\n",                                        400},
        {LINE HOST "A: b\r\n c\r\n\r\n",                                400},
        {LINE HOST "A: b\r\n\tc\r\n\r\n",                               400},
        {LINE " " HOST "\r\n",                                          400},
        {LINE HOST "A : b\r\n\r\n",                                     400},
        {LINE HOST ": b\r\n\r\n",                                       400},
        {LINE HOST "no colon\r\n\r\n",                                  400},
        {LINE HOST "a(b: c\r\n\r\n",                                    400},
        {LINE HOST "A: \x01\r\n\r\n",                                   400},
        {LINE HOST "A: \x7f\r\n\r\n",                                   400},
        {"GET\t/a HTTP/1.1\r\n" HOST "\r\n",                            400},
        {"GET /\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n",                      400},
        {"GET  /a HTTP/1.1\r\n" HOST "\r\n",                            400},
        {"GET /a b HTTP/1.1\r\n" HOST "\r\n",                           400},
        {"\r\n" LINE HOST "\r\n",                                       400},
        {LINE "\r\n",                                                   400},
        {LINE HOST HOST "\r\n",                                         400},
        {LINE "Hostess: a\r\n\r\n",                                     400},
        {LINE HOST "Content-Length: 1\r\ncontent-length: 1\r\n\r\n",    400},
        {LINE HOST "Transfer-Encoding: chunked\r\n\r\n",                411},
        {LINE HOST "Content-Length: 1\r\nTRANSFER-ENCODING: x\r\n\r\n", 411},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(status_of(cases[i].head, strlen(cases[i].head), false), cases[i].status);
}

static void a_nul_is_refused(void **state)
{
    static const char head[] = LINE HOST "A: b\0c\r\n\r\n";
    (void)state;
    assert_int_equal(status_of(head, sizeof head - 1, false), 400);
}

static void a_coding_is_let_through_only_alone_and_only_where_accepted(void **state)
{
    static const char alone[] = LINE HOST "Transfer-Encoding: chunked\r\n\r\n";
    static const char twice[] =
        LINE HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n";
    static const char both[] = LINE HOST "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n";
    (void)state;
    assert_int_equal(status_of(alone, strlen(alone), true), 200);
    assert_int_equal(status_of(twice, strlen(twice), true), 400);
    assert_int_equal(status_of(both, strlen(both), true), 400);
}

static void the_block_ends_where_its_empty_line_ends(void **state)
{
    static const char head[] = LINE HOST "\r\nGET /next";
    struct http_wire wire;
    (void)state;
    assert_int_equal(check(head, strlen(head), false, &wire), HTTP_WIRE_WHOLE);
    assert_int_equal(wire.checked, strlen(LINE HOST "\r\n"));
}

static void how_it_is_cut_changes_nothing(void **state)
{
    static const char *const heads[] = {LINE HOST "A: b\r\n\r\n", LINE HOST "A: b\rC\r\n\r\n",
                                        LINE HOST "A: b\r\n c\r\n\r\n", LINE HOST "A\n\r\n"};
    (void)state;
    for (size_t i = 0; i < COUNT(heads); i++) {
        struct http_wire whole, cut = {0};
        enum http_wire_verdict expected = check(heads[i], strlen(heads[i]), false, &whole);
        enum http_wire_verdict verdict = HTTP_WIRE_MORE;
        for (size_t length = 0; verdict == HTTP_WIRE_MORE; length++)
            verdict = http_wire_check(&cut, heads[i], length);
        assert_int_equal(verdict, expected);
        assert_int_equal(cut.status, whole.status);
        assert_int_equal(cut.checked, whole.checked);
    }
}

static void a_block_of_exactly_the_limit_passes_and_one_more_byte_does_not(void **state)
{
    struct buffer head = {0};
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        buffer_clear(&head);
        buffer_add_text(&head, LINE HOST "A: ");
        while (head.length < HTTP_HEAD_BYTES_MAX - 4 + over)
            buffer_add_text(&head, "b");
        buffer_add_text(&head, "\r\n\r\n");
        assert_int_equal(head.length, HTTP_HEAD_BYTES_MAX + over);
        assert_int_equal(status_of((char *)head.data, head.length, false), over ? 431 : 200);
    }
    buffer_done(&head);
}

static void a_hundred_headers_pass_and_one_more_does_not(void **state)
{
    struct buffer head = {0};
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        buffer_clear(&head);
        buffer_add_text(&head, LINE HOST);
        for (size_t i = 1; i < HTTP_HEADERS_MAX + over; i++)
            buffer_add_text(&head, "A: b\r\n");
        buffer_add_text(&head, "\r\n");
        assert_int_equal(status_of((char *)head.data, head.length, false), over ? 431 : 200);
    }
    buffer_done(&head);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_blocks_are_judged_by_their_bytes),
        cmocka_unit_test(a_nul_is_refused),
        cmocka_unit_test(a_coding_is_let_through_only_alone_and_only_where_accepted),
        cmocka_unit_test(the_block_ends_where_its_empty_line_ends),
        cmocka_unit_test(how_it_is_cut_changes_nothing),
        cmocka_unit_test(a_block_of_exactly_the_limit_passes_and_one_more_byte_does_not),
        cmocka_unit_test(a_hundred_headers_pass_and_one_more_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
