/* answer: a long body whose memory is taken over. */
#include "loopback.h"

#define HOST "Host: a\r\n"

enum { long_bytes = 9 * 1024 * 1024 };

static void on_long(struct http_exchange *exchange, void *state)
{
    struct buffer body = {0};
    struct http_answer head = {.status = 200, .type = "text/plain"};
    (void)state;
    while (body.length < long_bytes)
        buffer_add(&body, "0123456789abcdef", 16);
    http_answer_taking(exchange, &head, &body);
    if (body.data)
        fail_msg("the body was left behind");
}

static const struct http_route routes[] = {
    {"GET", "/long", on_long, 0},
};

static struct loopback loopback;

static struct buffer ask(const char *request)
{
    return loopback_ask(&loopback, request, strlen(request));
}

static void a_body_that_is_taken_over_arrives_whole_and_the_connection_lives_on(void **state)
{
    struct http_settings settings = {.routes = routes, .route_count = COUNT(routes)};
    (void)state;
    loopback_open(&loopback, &settings);
    struct buffer answer = ask("GET /long HTTP/1.1\r\n" HOST "\r\nGET /long HTTP/1.1\r\n"
                               "Connection: close\r\n" HOST "\r\n");
    char *at = (char *)answer.data;
    for (int i = 0; i < 2; i++) {
        assert_memory_equal(at, "HTTP/1.1 200", 12);
        assert_non_null(strstr(at, "Content-Length: 9437184\r\n"));
        at = strstr(at, "\r\n\r\n") + 4;
        for (size_t done = 0; done < long_bytes; done += 16, at += 16)
            assert_memory_equal(at, "0123456789abcdef", 16);
    }
    assert_ptr_equal(at, answer.data + answer.length);
    buffer_done(&answer);
    loopback_close(&loopback);
}

static void the_head_of_one_is_told_without_it(void **state)
{
    struct http_settings settings = {.routes = routes, .route_count = COUNT(routes)};
    (void)state;
    loopback_open(&loopback, &settings);
    struct buffer answer = ask("HEAD /long HTTP/1.1\r\n" HOST "\r\n");
    assert_non_null(strstr((char *)answer.data, "Content-Length: 9437184\r\n"));
    assert_null(strstr((char *)answer.data, "0123456789abcdef"));
    buffer_done(&answer);
    loopback_close(&loopback);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_that_is_taken_over_arrives_whole_and_the_connection_lives_on),
        cmocka_unit_test(the_head_of_one_is_told_without_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
