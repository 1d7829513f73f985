/* probes: requests that servers are known to read differently, each refused by a real server with
 * its own status, and nothing behind them taken for a request. */
#include "loopback.h"

static void on_any(struct http_exchange *exchange, void *state)
{
    (void)state;
    http_answer_json(exchange, 200, bytes_of_text("{}"));
}

static const struct http_route routes[] = {
    {"GET",  "/", on_any, 0},
    {"POST", "/", on_any, 0},
};

static struct loopback server;

static int open_server(void **state)
{
    struct http_settings settings = {.routes = routes, .route_count = COUNT(routes)};
    (void)state;
    loopback_open(&server, &settings);
    return 0;
}

static int close_server(void **state)
{
    (void)state;
    loopback_close(&server);
    return 0;
}

/* What would be a request of its own if the probe before it had been read otherwise. */
#define SMUGGLED "GET / HTTP/1.1\r\nHost: b\r\n\r\n"
#define POST "POST / HTTP/1.1\r\nHost: a\r\n"
#define GET "GET / HTTP/1.1\r\nHost: a\r\n"

static const struct {
    const char *name, *request;
    int status;
} probes[] = {
    {"two lengths",                   POST "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",              400},
    {"length and coding",             POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     411                                                                                                          },
    {"bare CR in a value",            GET "X: a\rY: b\r\n\r\n",                                                400},
    {"space before the first header", "GET / HTTP/1.1\r\n Host: a\r\n\r\n",                                    400},
    {"folded header",                 GET "X: a\r\n b\r\n\r\n",                                                400},
    {"space before a colon",          GET "X : a\r\n\r\n",                                                     400},
    {"length +5",                     POST "Content-Length: +5\r\n\r\nhello",                                  400},
    {"length 5, 5",                   POST "Content-Length: 5, 5\r\n\r\nhello",                                400},
    {"coding xchunked",               POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",                     411},
    {"coding chunked, identity",      POST "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",            411},
    {"chunk size 0x5",                POST "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",      411},
    {"bare LF line ends",             "GET / HTTP/1.1\nHost: a\n\n",                                           400},
    {"no Host",                       "GET / HTTP/1.1\r\n\r\n",                                                400},
    {"two Host",                      GET "Host: b\r\n\r\n",                                                   400},
    {"tab in the request line",       "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n",                                    400},
};

static void assert_refused(const char *name, const void *request, size_t length, int status)
{
    char line[32];
    (void)snprintf(line, sizeof line, "HTTP/1.1 %d ", status);
    struct buffer answer = loopback_ask(&server, request, length);
    if (strncmp((char *)answer.data, line, strlen(line)) != 0)
        fail_msg("%s: %.*s", name, 60, (char *)answer.data);
    assert_int_equal(loopback_count(&answer, "HTTP/1.1 "), 1);
    assert_int_equal(loopback_count(&answer, "application/problem+json"), 1);
    assert_int_equal(loopback_count(&answer, "Connection: close"), 1);
    buffer_done(&answer);
}

static void each_malformed_request_is_refused_with_its_status(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(probes); i++) {
        struct buffer request = {0};
        buffer_add_text(&request, probes[i].request);
        buffer_add_text(&request, SMUGGLED);
        assert_refused(probes[i].name, request.data, request.length, probes[i].status);
        buffer_done(&request);
    }
}

static void a_nul_in_a_value_is_refused(void **state)
{
    static const char request[] = GET "X: a\0b\r\n\r\n" SMUGGLED;
    (void)state;
    assert_refused("NUL", request, sizeof request - 1, 400);
}

static void a_header_of_100_kb_is_refused(void **state)
{
    struct buffer request = {0};
    (void)state;
    buffer_add_text(&request, GET "X: ");
    while (request.length < 100000)
        buffer_add_text(&request, "abcdefghijklmnopqrstuvwxyz");
    buffer_add_text(&request, "\r\n\r\n" SMUGGLED);
    assert_refused("100 kB", request.data, request.length, 431);
    buffer_done(&request);
}

static void the_same_request_in_order_is_answered(void **state)
{
    static const char request[] = POST "Content-Length: 5\r\n\r\nhello" SMUGGLED;
    (void)state;
    struct buffer answer = loopback_ask(&server, request, strlen(request));
    assert_int_equal(loopback_count(&answer, "HTTP/1.1 200 OK"), 2);
    buffer_done(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_malformed_request_is_refused_with_its_status),
        cmocka_unit_test(a_nul_in_a_value_is_refused),
        cmocka_unit_test(a_header_of_100_kb_is_refused),
        cmocka_unit_test(the_same_request_in_order_is_answered),
    };
    return cmocka_run_group_tests(tests, open_server, close_server);
}
