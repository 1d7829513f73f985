/* server: its limits, its manners and its end, over real sockets. */
#include "loopback.h"

#define HOST "Host: a\r\n"

/* What the handlers and the tests share. */
static struct shared {
    struct loopback loopback;
    sem_t reached; /* a handler got there */
    struct http_exchange *kept;
} shared;

static void on_hello(struct http_exchange *exchange, void *state)
{
    (void)state;
    http_answer_json(exchange, 200, bytes_of_text("{\"hello\":true}"));
}

static void on_echo(struct http_exchange *exchange, void *state)
{
    (void)state;
    http_answer_json(exchange, 200, http_body(exchange));
}

static void on_item(struct http_exchange *exchange, void *state)
{
    struct buffer text = {0};
    int64_t limit = 0;
    (void)state;
    bool ok = http_query_int(exchange, "limit", 1, 200, 50, &limit);
    buffer_format(&text, "id=%s q=%s limit=%s%lld agent=%s", http_param(exchange, "id"),
                  http_query(exchange, "q"), ok ? "" : "!", (long long)limit,
                  http_header(exchange, "user-agent"));
    http_answer_json(exchange, 200, buffer_view(&text));
    buffer_done(&text);
}

static void on_keep(struct http_exchange *exchange, void *state)
{
    (void)state;
    http_keep(exchange);
    shared.kept = exchange;
    sem_post(&shared.reached);
}

static void on_mute(struct http_exchange *exchange, void *state)
{
    (void)exchange;
    (void)state;
}

static const struct http_route routes[] = {
    {"GET",  "/hello",     on_hello, 0  },
    {"POST", "/echo",      on_echo,  0  },
    {"POST", "/small",     on_echo,  100},
    {"GET",  "/items/:id", on_item,  0  },
    {"GET",  "/keep",      on_keep,  0  },
    {"GET",  "/mute",      on_mute,  0  },
};

static void open_with(struct http_settings settings)
{
    settings.routes = routes;
    settings.route_count = COUNT(routes);
    sem_init(&shared.reached, 0, 0);
    loopback_open(&shared.loopback, &settings);
}

static void close_it(void)
{
    loopback_close(&shared.loopback);
    sem_destroy(&shared.reached);
}

static struct buffer ask(const char *request)
{
    return loopback_ask(&shared.loopback, request, strlen(request));
}

static void assert_holds(const char *request, const char *expected)
{
    struct buffer answer = ask(request);
    if (!strstr((char *)answer.data, expected))
        fail_msg("no \"%s\" in: %s", expected, (char *)answer.data);
    buffer_done(&answer);
}

static void requests_are_read_and_answered(void **state)
{
    (void)state;
    open_with((struct http_settings){0});
    assert_holds("GET /hello HTTP/1.1\r\n" HOST "\r\n", "\r\n\r\n{\"hello\":true}");
    assert_holds("GET /items/a%20b?q=1+2&limit=73 HTTP/1.1\r\nuser-AGENT: u\r\n" HOST "\r\n",
                 "id=a b q=1 2 limit=73 agent=u");
    assert_holds("GET /items/7?limit=201&q=&q=x HTTP/1.1\r\n" HOST "\r\n", "id=7 q= limit=!");
    assert_holds("GET /items/7?limit=5x HTTP/1.1\r\n" HOST "\r\n", "limit=!");
    assert_holds("GET /nowhere HTTP/1.1\r\n" HOST "\r\n", "\"status\":404");
    assert_holds("PUT /items/7 HTTP/1.1\r\n" HOST "\r\n", "\r\nAllow: GET, HEAD\r\n");
    assert_holds("GET /mute HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 500 ");
    close_it();
}

static void a_sane_request_id_is_returned_and_another_replaced(void **state)
{
    (void)state;
    open_with((struct http_settings){0});
    assert_holds("GET /hello HTTP/1.1\r\n" HOST "X-Request-Id: order-4650.a\r\n\r\n",
                 "\r\nX-Request-Id: order-4650.a\r\n");
    struct buffer answer = ask("GET /no HTTP/1.1\r\n" HOST "X-Request-Id: <script>\r\n\r\n");
    assert_null(strstr((char *)answer.data, "script"));
    assert_non_null(strstr((char *)answer.data, "\r\nX-Request-Id: "));
    assert_non_null(strstr((char *)answer.data, "\"request_id\":\""));
    buffer_done(&answer);
    close_it();
}

static void head_is_get_without_the_body(void **state)
{
    (void)state;
    open_with((struct http_settings){0});
    struct buffer answer = ask("HEAD /hello HTTP/1.1\r\n" HOST "\r\n");
    assert_non_null(strstr((char *)answer.data, "Content-Length: 14\r\n"));
    assert_memory_equal(answer.data + answer.length - 4, "\r\n\r\n", 4);
    buffer_done(&answer);
    close_it();
}

static void pipelined_requests_are_answered_in_order_to_a_half_closed_client(void **state)
{
    (void)state;
    open_with((struct http_settings){0});
    struct buffer answer = ask("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nfirst"
                               "GET /hello HTTP/1.1\r\n" HOST "\r\n"
                               "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nthird");
    const char *first = strstr((char *)answer.data, "first");
    const char *second = strstr((char *)answer.data, "hello");
    const char *third = strstr((char *)answer.data, "third");
    assert_true(first && second && third && first < second && second < third);
    buffer_done(&answer);
    close_it();
}

static void connection_close_and_http_1_0_end_the_connection(void **state)
{
    static const char *const requests[] = {
        "GET /hello HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
        "GET /hello HTTP/1.0\r\n" HOST "\r\n",
    };
    (void)state;
    open_with((struct http_settings){0});
    for (size_t i = 0; i < COUNT(requests); i++) {
        struct buffer answer = {0};
        int fd = loopback_connect(&shared.loopback);
        loopback_send(fd, requests[i]);
        loopback_read_all(fd, &answer);
        assert_int_equal(loopback_count(&answer, "Connection: close\r\n"), 1);
        close(fd);
        buffer_done(&answer);
    }
    close_it();
}

static void the_thousandth_request_is_the_last_of_its_connection(void **state)
{
    struct buffer requests = {0}, answers = {0};
    (void)state;
    open_with((struct http_settings){0});
    for (int i = 0; i < 1003; i++)
        buffer_add_text(&requests, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    int fd = loopback_connect(&shared.loopback);
    loopback_send_bytes(fd, requests.data, requests.length);
    loopback_read_all(fd, &answers);
    assert_int_equal(loopback_count(&answers, "HTTP/1.1 200 OK"), 1000);
    assert_int_equal(loopback_count(&answers, "Connection: close"), 1);
    close(fd);
    buffer_done(&requests);
    buffer_done(&answers);
    close_it();
}

static void a_client_that_expects_100_is_told_to_go_on(void **state)
{
    struct buffer answer = {0};
    (void)state;
    open_with((struct http_settings){0});
    int fd = loopback_connect(&shared.loopback);
    loopback_send(
        fd, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    loopback_read_until(fd, "HTTP/1.1 100 Continue\r\n\r\n", &answer);
    loopback_send(fd, "body");
    loopback_read_until(fd, "\r\n\r\nbody", &answer);
    close(fd);
    buffer_done(&answer);
    assert_holds("POST /small HTTP/1.1\r\n" HOST
                 "Content-Length: 101\r\nExpect: 100-continue\r\n\r\n",
                 "HTTP/1.1 413 ");
    assert_holds("POST /small HTTP/1.1\r\n" HOST "Content-Length: 1\r\nExpect: tea\r\n\r\nx",
                 "HTTP/1.1 417 ");
    close_it();
}

static void a_body_over_its_routes_limit_is_413_and_is_not_read_to_its_end(void **state)
{
    (void)state;
    open_with((struct http_settings){.limits.body_bytes_max = 1000});
    assert_holds("POST /small HTTP/1.1\r\n" HOST "Content-Length: 101\r\n\r\n", "HTTP/1.1 413 ");
    assert_holds("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 1001\r\n\r\n", "HTTP/1.1 413 ");
    assert_holds("POST /small HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", "\r\n\r\nabc");
    close_it();
}

static void chunks_are_accepted_where_the_server_says_so(void **state)
{
    (void)state;
    open_with((struct http_settings){.accept_chunked = true});
    assert_holds("POST /echo HTTP/1.1\r\n" HOST
                 "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
                 "\r\n\r\nabc");
    close_it();
}

static void one_who_sends_too_slowly_is_cut_off(void **state)
{
    static const char *const starts[] = {
        "GET /hello HTTP/1.1\r\nHost:",
        "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nbo",
    };
    (void)state;
    open_with((struct http_settings){
        .limits = {.head_ms = 150, .body_ms = 150}
    });
    for (size_t i = 0; i < COUNT(starts); i++) {
        struct buffer answer = {0};
        int fd = loopback_connect(&shared.loopback);
        loopback_send(fd, starts[i]);
        loopback_read_all(fd, &answer);
        assert_int_equal(strncmp((char *)answer.data, "HTTP/1.1 408 ", 13), 0);
        close(fd);
        buffer_done(&answer);
    }
    close_it();
}

static void slow_senders_on_all_connections_do_not_keep_others_out(void **state)
{
    enum { SLOW = 8 };
    int slow[SLOW];
    bool served = false;
    (void)state;
    open_with((struct http_settings){
        .limits = {.head_ms = 200, .connections_max = SLOW}
    });
    for (int i = 0; i < SLOW; i++) {
        slow[i] = loopback_connect(&shared.loopback);
        loopback_send(slow[i], "GET /hello HTTP/1.1\r\n");
    }
    for (int i = 0; i < SLOW; i++) {
        struct buffer answer = {0};
        loopback_read_all(slow[i], &answer);
        assert_int_equal(strncmp((char *)answer.data, "HTTP/1.1 408 ", 13), 0);
        close(slow[i]);
        buffer_done(&answer);
    }
    while (!served) { /* until the server has seen those ends */
        struct buffer answer = ask("GET /hello HTTP/1.1\r\n" HOST "\r\n");
        served = strncmp((char *)answer.data, "HTTP/1.1 200 ", 13) == 0;
        buffer_done(&answer);
    }
    close_it();
}

static void one_who_says_nothing_is_closed_without_a_word(void **state)
{
    struct buffer answer = {0};
    (void)state;
    open_with((struct http_settings){.limits.idle_ms = 150});
    int fd = loopback_connect(&shared.loopback);
    loopback_read_all(fd, &answer);
    assert_int_equal(answer.length, 0);
    close(fd);
    buffer_done(&answer);
    close_it();
}

static void a_connection_over_the_limit_is_told_to_come_back(void **state)
{
    struct buffer answer = {0};
    (void)state;
    open_with((struct http_settings){.limits.connections_max = 1});
    int first = loopback_connect(&shared.loopback);
    loopback_send(first, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    loopback_read_until(first, "{\"hello\":true}", &answer);
    assert_holds("GET /hello HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 503 ");
    assert_holds("GET /hello HTTP/1.1\r\n" HOST "\r\n", "\r\nRetry-After: 1\r\n");
    close(first);
    buffer_done(&answer);
    close_it();
}

static void answer_kept(void *arg)
{
    (void)arg;
    assert_false(http_gone(shared.kept));
    http_answer_json(shared.kept, 202, bytes_of_text("late"));
}

static void an_exchange_can_be_kept_and_answered_from_another_thread(void **state)
{
    struct buffer answer = {0};
    (void)state;
    open_with((struct http_settings){0});
    int fd = loopback_connect(&shared.loopback);
    loopback_send(fd, "GET /keep HTTP/1.1\r\n" HOST "\r\nGET /hello HTTP/1.1\r\n" HOST "\r\n");
    sem_wait(&shared.reached);
    http_server_post(shared.loopback.server, answer_kept, NULL);
    loopback_read_until(fd, "{\"hello\":true}", &answer);
    assert_non_null(strstr((char *)answer.data, "HTTP/1.1 202 Accepted"));
    assert_non_null(strstr((char *)answer.data, "\r\n\r\nlateHTTP/1.1 200 OK"));
    close(fd);
    buffer_done(&answer);
    close_it();
}

static void answer_when_gone(void *arg)
{
    (void)arg;
    if (!http_gone(shared.kept)) {
        http_server_post(shared.loopback.server, answer_when_gone, NULL);
        return;
    }
    assert_string_equal(http_path(shared.kept), "/keep");
    http_answer_json(shared.kept, 200, bytes_of_text("to nobody"));
    sem_post(&shared.reached);
}

static void reset_connection(int fd)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
}

static void a_late_answer_to_a_client_that_has_gone_is_dropped(void **state)
{
    (void)state;
    open_with((struct http_settings){0});
    int fd = loopback_connect(&shared.loopback);
    loopback_send(fd, "GET /keep HTTP/1.1\r\n" HOST "\r\n");
    sem_wait(&shared.reached);
    reset_connection(fd);
    http_server_post(shared.loopback.server, answer_when_gone, NULL);
    sem_wait(&shared.reached);
    close_it();
}

static void a_closing_server_finishes_what_is_in_flight(void **state)
{
    struct buffer answer = {0};
    (void)state;
    open_with((struct http_settings){0});
    int idle = loopback_connect(&shared.loopback);
    int fd = loopback_connect(&shared.loopback);
    loopback_send(fd, "GET /keep HTTP/1.1\r\n" HOST "\r\n");
    sem_wait(&shared.reached);
    http_server_post(shared.loopback.server, loopback_begin_close, &shared.loopback);
    http_server_post(shared.loopback.server, answer_kept, NULL);
    loopback_read_all(fd, &answer);
    assert_non_null(strstr((char *)answer.data, "Connection: close\r\n"));
    assert_non_null(strstr((char *)answer.data, "\r\n\r\nlate"));
    close(fd);
    buffer_clear(&answer);
    loopback_read_all(idle, &answer);
    assert_int_equal(answer.length, 0);
    close(idle);
    buffer_done(&answer);
    assert_int_equal(pthread_join(shared.loopback.thread, NULL), 0);
    http_server_free(shared.loopback.server);
    assert_int_equal(uv_loop_close(&shared.loopback.loop), 0);
    sem_destroy(&shared.reached);
}

static void close_at_once(void *arg)
{
    http_server_close(arg, 1, loopback_closed, NULL);
}

static void an_exchange_never_answered_does_not_hold_up_the_end(void **state)
{
    struct buffer answer = {0};
    (void)state;
    open_with((struct http_settings){0});
    int fd = loopback_connect(&shared.loopback);
    loopback_send(fd, "GET /keep HTTP/1.1\r\n" HOST "\r\n");
    sem_wait(&shared.reached);
    http_server_post(shared.loopback.server, close_at_once, shared.loopback.server);
    loopback_read_all(fd, &answer);
    assert_int_equal(answer.length, 0);
    assert_int_equal(pthread_join(shared.loopback.thread, NULL), 0);
    http_server_free(shared.loopback.server);
    assert_int_equal(uv_loop_close(&shared.loopback.loop), 0);
    close(fd);
    buffer_done(&answer);
    sem_destroy(&shared.reached);
}

static struct seen {
    const char *pattern;
    int status, count;
} seen;

static void note_answer(void *state, const char *pattern, int status, int64_t duration_ns)
{
    (void)state;
    assert_true(duration_ns >= 0);
    seen = (struct seen){pattern, status, seen.count + 1};
}

static void each_answer_is_told_with_its_pattern_and_status(void **state)
{
    static const struct {
        const char *request, *pattern;
        int status;
    } cases[] = {
        {"GET /items/7 HTTP/1.1\r\n" HOST "\r\n", "/items/:id", 200},
        {"GET /nowhere HTTP/1.1\r\n" HOST "\r\n", NULL,         404},
        {"GET / HTTP/1.1\r\n\r\n",                NULL,         400},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        seen = (struct seen){0};
        open_with((struct http_settings){.on_answered = note_answer});
        struct buffer answer = ask(cases[i].request);
        close_it(); /* from here on seen is ours */
        assert_int_equal(seen.count, 1);
        assert_int_equal(seen.status, cases[i].status);
        assert_true(seen.pattern == cases[i].pattern
                    || strcmp(seen.pattern, cases[i].pattern) == 0);
        buffer_done(&answer);
    }
}

static void a_taken_port_is_said_so(void **state)
{
    struct http_settings settings = {0};
    struct http_server *second = NULL;
    struct err err = {0};
    uv_loop_t loop;
    (void)state;
    open_with((struct http_settings){0});
    settings.port = shared.loopback.port;
    assert_int_equal(uv_loop_init(&loop), 0);
    assert_false(http_server_open(&loop, &settings, &second, &err));
    assert_non_null(strstr(err.text, "address already in use"));
    assert_int_equal(uv_loop_close(&loop), 0);
    close_it();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_read_and_answered),
        cmocka_unit_test(a_sane_request_id_is_returned_and_another_replaced),
        cmocka_unit_test(head_is_get_without_the_body),
        cmocka_unit_test(pipelined_requests_are_answered_in_order_to_a_half_closed_client),
        cmocka_unit_test(connection_close_and_http_1_0_end_the_connection),
        cmocka_unit_test(the_thousandth_request_is_the_last_of_its_connection),
        cmocka_unit_test(a_client_that_expects_100_is_told_to_go_on),
        cmocka_unit_test(a_body_over_its_routes_limit_is_413_and_is_not_read_to_its_end),
        cmocka_unit_test(chunks_are_accepted_where_the_server_says_so),
        cmocka_unit_test(one_who_sends_too_slowly_is_cut_off),
        cmocka_unit_test(slow_senders_on_all_connections_do_not_keep_others_out),
        cmocka_unit_test(one_who_says_nothing_is_closed_without_a_word),
        cmocka_unit_test(a_connection_over_the_limit_is_told_to_come_back),
        cmocka_unit_test(an_exchange_can_be_kept_and_answered_from_another_thread),
        cmocka_unit_test(a_late_answer_to_a_client_that_has_gone_is_dropped),
        cmocka_unit_test(a_closing_server_finishes_what_is_in_flight),
        cmocka_unit_test(an_exchange_never_answered_does_not_hold_up_the_end),
        cmocka_unit_test(each_answer_is_told_with_its_pattern_and_status),
        cmocka_unit_test(a_taken_port_is_said_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
