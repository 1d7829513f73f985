/* stream: answers without a known end, and clients that go or do not read. */
#include "loopback.h"

static struct shared {
    struct loopback loopback;
    sem_t started, gone;
    struct http_exchange *stream;
    bool is_over; /* loop's thread only */
    int gone_count;
    size_t added_bytes;
} shared;

static void on_gone(void *arg)
{
    (void)arg;
    shared.is_over = true;
    shared.gone_count++;
    sem_post(&shared.gone);
}

static void on_stream(struct http_exchange *exchange, void *state)
{
    struct http_pair field = {"Cache-Control", "no-store"};
    struct http_answer head = {
        .status = 200, .type = "text/event-stream", .fields = &field, .field_count = 1};
    (void)state;
    shared.stream = exchange;
    shared.is_over = false;
    assert_true(http_stream_start(exchange, &head, on_gone, NULL));
    sem_post(&shared.started);
}

static void on_short(struct http_exchange *exchange, void *state)
{
    struct http_answer head = {.status = 200, .type = "text/plain"};
    (void)state;
    assert_true(http_stream_start(exchange, &head, on_gone, NULL));
    http_stream_add(exchange, bytes_of_text("one "));
    http_stream_add(exchange, bytes_of_text(""));
    http_stream_add(exchange, bytes_of_text("two"));
    http_stream_end(exchange);
}

static const struct http_route routes[] = {
    {"GET", "/stream", on_stream, 0},
    {"GET", "/short",  on_short,  0},
};

static int open_server(void **state)
{
    struct http_settings settings = {
        .routes = routes,
        .route_count = COUNT(routes),
        .limits = {.queue_bytes_max = 20000, .write_ms = 200}
    };
    (void)state;
    shared.gone_count = 0;
    shared.added_bytes = 0;
    sem_init(&shared.started, 0, 0);
    sem_init(&shared.gone, 0, 0);
    loopback_open(&shared.loopback, &settings);
    return 0;
}

static int close_server(void **state)
{
    (void)state;
    loopback_close(&shared.loopback);
    sem_destroy(&shared.started);
    sem_destroy(&shared.gone);
    return 0;
}

static int begin_stream(void)
{
    int fd = loopback_connect(&shared.loopback);
    loopback_send(fd, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    sem_wait(&shared.started);
    return fd;
}

static void add_event(void *arg)
{
    http_stream_add(shared.stream, bytes_of_text(arg));
}

static void end_stream(void *arg)
{
    (void)arg;
    http_stream_end(shared.stream);
}

static void events_arrive_one_by_one_and_the_connection_goes_on(void **state)
{
    static char first[] = "data: 1\n\n", second[] = "data: 22\n\n";
    struct buffer answer = {0};
    (void)state;
    int fd = begin_stream();
    http_server_post(shared.loopback.server, add_event, first);
    loopback_read_until(fd, "\r\n\r\n9\r\ndata: 1\n\n\r\n", &answer);
    http_server_post(shared.loopback.server, add_event, second);
    loopback_read_until(fd, "a\r\ndata: 22\n\n\r\n", &answer);
    http_server_post(shared.loopback.server, end_stream, NULL);
    loopback_read_until(fd, "0\r\n\r\n", &answer);
    assert_non_null(strstr((char *)answer.data, "Transfer-Encoding: chunked\r\n"));
    assert_non_null(strstr((char *)answer.data, "Cache-Control: no-store\r\n"));
    loopback_send(fd, "GET /short HTTP/1.1\r\nHost: a\r\n\r\n");
    loopback_read_until(fd, "4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n", &answer);
    assert_int_equal(shared.gone_count, 0);
    close(fd);
    buffer_done(&answer);
}

static void an_old_client_gets_it_plain_until_the_end_of_the_connection(void **state)
{
    static const char request[] = "GET /short HTTP/1.0\r\nHost: a\r\n\r\n";
    (void)state;
    struct buffer answer = loopback_ask(&shared.loopback, request, strlen(request));
    assert_non_null(strstr((char *)answer.data, "\r\n\r\none two"));
    assert_null(strstr((char *)answer.data, "chunked"));
    buffer_done(&answer);
}

static void head_of_a_stream_has_no_body(void **state)
{
    static const char request[] = "HEAD /short HTTP/1.1\r\nHost: a\r\n\r\n";
    (void)state;
    struct buffer answer = loopback_ask(&shared.loopback, request, strlen(request));
    assert_memory_equal(answer.data + answer.length - 4, "\r\n\r\n", 4);
    assert_null(strstr((char *)answer.data, "one"));
    buffer_done(&answer);
}

static void the_handler_is_told_once_when_its_client_goes(void **state)
{
    (void)state;
    close(begin_stream());
    sem_wait(&shared.gone);
    assert_int_equal(shared.gone_count, 1);
}

static void pour(void *arg)
{
    static const char piece[1024];
    (void)arg;
    if (shared.is_over)
        return;
    http_stream_add(shared.stream, bytes_of(piece, sizeof piece));
    shared.added_bytes += sizeof piece;
    http_server_post(shared.loopback.server, pour, NULL);
}

static void one_who_does_not_read_is_cut_off(void **state)
{
    (void)state;
    int fd = begin_stream();
    http_server_post(shared.loopback.server, pour, NULL);
    sem_wait(&shared.gone);
    assert_true(shared.added_bytes > 20000);
    assert_int_equal(shared.gone_count, 1);
    close(fd);
}

static void fill_once(void *arg)
{
    size_t length = 8 << 20; /* more than the kernel takes; the queue behind it stays empty */
    char *block = mem_new(length);
    (void)arg;
    http_stream_add(shared.stream, bytes_of(block, length));
    mem_free(block);
}

static void one_who_stops_reading_is_cut_off_when_the_write_takes_too_long(void **state)
{
    (void)state;
    int fd = begin_stream();
    http_server_post(shared.loopback.server, fill_once, NULL);
    sem_wait(&shared.gone);
    close(fd);
}

static void a_closing_server_ends_its_streams(void **state)
{
    (void)state;
    int fd = begin_stream();
    assert_int_equal(close_server(state), 0);
    assert_int_equal(shared.gone_count, 1);
    close(fd);
    assert_int_equal(open_server(state), 0); /* for the teardown */
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, open_server, close_server)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(events_arrive_one_by_one_and_the_connection_goes_on),
        WITH_SERVER(an_old_client_gets_it_plain_until_the_end_of_the_connection),
        WITH_SERVER(head_of_a_stream_has_no_body),
        WITH_SERVER(the_handler_is_told_once_when_its_client_goes),
        WITH_SERVER(one_who_does_not_read_is_cut_off),
        WITH_SERVER(one_who_stops_reading_is_cut_off_when_the_write_takes_too_long),
        WITH_SERVER(a_closing_server_ends_its_streams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
