/* intake: requests come out whole, the same however their bytes were cut. */
#include "http_intake.h"

#include "checks.h"

#include "mem.h"

#define HOST "Host: a\r\n"

/* Everything the intake said, as text: "POST /a body;" a request, "400;" at the end. */
static void run(const char *input, size_t length, size_t cut, bool accept_chunked, size_t body_max,
                struct buffer *ret_story)
{
    struct http_intake intake = {0};
    http_intake_open(&intake, accept_chunked);
    for (size_t at = 0; at < length && intake.status == 0;) {
        size_t room_length, piece = cut < length - at ? cut : length - at;
        char *room = http_intake_room(&intake, &room_length);
        piece = piece < room_length ? piece : room_length;
        memcpy(room, input + at, piece);
        http_intake_received(&intake, piece);
        at += piece;
        enum http_intake_step step;
        while ((step = http_intake_step(&intake)) != HTTP_INTAKE_MORE) {
            if (step == HTTP_INTAKE_REFUSED) {
                buffer_format(ret_story, "%d;", intake.status);
                break;
            }
            if (step == HTTP_INTAKE_HEAD) {
                intake.body_max = body_max;
                continue;
            }
            buffer_format(ret_story, "%s %s %.*s;", intake.head.method, intake.target.path,
                          (int)intake.body.length, (const char *)intake.body.data);
            http_intake_next(&intake);
        }
    }
    http_intake_close(&intake);
}

static void assert_story(const char *input, bool accept_chunked, const char *story)
{
    for (size_t cut = 1; cut <= strlen(input); cut++) {
        struct buffer told = {0};
        run(input, strlen(input), cut, accept_chunked, 8, &told);
        if (strcmp((char *)told.data, story) != 0)
            fail_msg("cut at %zu: %s\n%s\nshould be %s", cut, input, (char *)told.data, story);
        buffer_done(&told);
    }
}

static void pipelined_requests_come_out_one_by_one(void **state)
{
    (void)state;
    assert_story("GET /a HTTP/1.1\r\n" HOST "\r\n"
                 "POST /b HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nbodyPUT /c HTTP/1.1\r\n"
                 "Content-Length: 0\r\n" HOST "\r\nHEAD /d HTTP/1.0\r\n" HOST "\r\n",
                 false, "GET /a ;POST /b body;PUT /c ;HEAD /d ;");
}

static void chunks_are_joined_where_they_are_accepted(void **state)
{
    static const char input[] = "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
                                "3\r\nbod\r\n1;x=y\r\ny\r\n0\r\nTrailer: t\r\n\r\n"
                                "GET /b HTTP/1.1\r\n" HOST "\r\n";
    (void)state;
    assert_story(input, true, "POST /a body;GET /b ;");
    assert_story(input, false, "411;");
}

static void a_body_over_its_limit_is_refused_in_either_framing(void **state)
{
    (void)state;
    assert_story("POST /a HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\n123456789", false, "413;");
    assert_story("POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
                 "5\r\n12345\r\n4\r\n6789\r\n0\r\n\r\n",
                 true, "413;");
}

static void what_is_not_http_is_refused(void **state)
{
    static const struct {
        const char *input, *story;
    } cases[] = {
        {"GET /a HTTP/2.0\r\n" HOST "\r\n",                                         "400;"},
        {"GET /a HTTP/0.9\r\n" HOST "\r\n",                                         "400;"},
        {"GET /a\r\n" HOST "\r\n",                                                  "400;"},
        {"GET  /a HTTP/1.1\r\n" HOST "\r\n",                                        "400;"},
        {"FROB /a HTTP/1.1\r\n" HOST "\r\n",                                        "400;"},
        {"CONNECT a:1 HTTP/1.1\r\n" HOST "\r\n",                                    "501;"},
        {"TRACE /a HTTP/1.1\r\n" HOST "\r\n",                                       "501;"},
        {"GET http://a/b HTTP/1.1\r\n" HOST "\r\n",                                 "400;"},
        {"GET /a HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n",                   "400;"},
        {"GET /a HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999\r\n\r\n", "400;"},
        {"GET /a HTTP/1.1\r\n" HOST ": b\r\n\r\n",                                  "400;"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_story(cases[i].input, false, cases[i].story);
}

static void an_offer_to_upgrade_is_an_ordinary_request(void **state)
{
    (void)state;
    assert_story("GET /a HTTP/1.1\r\n" HOST "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                 "GET /b HTTP/1.1\r\n" HOST "\r\n",
                 false, "GET /a ;GET /b ;");
}

static void headers_are_found_in_any_case_and_trimmed(void **state)
{
    static const char input[] = "GET / HTTP/1.1\r\n" HOST "x-ONE: \t 1 \t \r\nEmpty:\r\nX-Two:2\r\n"
                                "x-one: again\r\n\r\n";
    struct http_intake intake = {0};
    size_t room_length;
    (void)state;
    http_intake_open(&intake, false);
    memcpy(http_intake_room(&intake, &room_length), input, strlen(input));
    http_intake_received(&intake, strlen(input));
    assert_int_equal(http_intake_step(&intake), HTTP_INTAKE_HEAD);
    assert_int_equal(intake.head.header_count, 5);
    assert_string_equal(http_intake_header(&intake, "X-One"), "1");
    assert_string_equal(http_intake_header(&intake, "empty"), "");
    assert_string_equal(http_intake_header(&intake, "X-TWO"), "2");
    assert_null(http_intake_header(&intake, "x-on"));
    http_intake_close(&intake);
}

static void a_large_body_passes_through_a_small_room(void **state)
{
    enum { LENGTH = 300007 };
    struct buffer input = {0}, told = {0};
    (void)state;
    buffer_format(&input, "PUT /a HTTP/1.1\r\n" HOST "Content-Length: %d\r\n\r\n", LENGTH);
    for (int i = 0; i < LENGTH; i++)
        buffer_add(&input, &"0123456"[i % 7], 1);
    run((char *)input.data, input.length, 9973, false, LENGTH, &told);
    assert_int_equal(told.length, strlen("PUT /a ;") + LENGTH);
    assert_memory_equal(told.data + 7, input.data + input.length - LENGTH, LENGTH);
    buffer_done(&input);
    buffer_done(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pipelined_requests_come_out_one_by_one),
        cmocka_unit_test(chunks_are_joined_where_they_are_accepted),
        cmocka_unit_test(a_body_over_its_limit_is_refused_in_either_framing),
        cmocka_unit_test(what_is_not_http_is_refused),
        cmocka_unit_test(an_offer_to_upgrade_is_an_ordinary_request),
        cmocka_unit_test(headers_are_found_in_any_case_and_trimmed),
        cmocka_unit_test(a_large_body_passes_through_a_small_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
