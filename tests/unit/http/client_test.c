/* client: what it retries, what it never does, and what it may claim about a write. */
#include "http_client.h"

#include "loopback.h"

#include "clock.h"

#include <stdatomic.h>

static struct shared {
    struct loopback loopback;
    atomic_int hits;
    struct http_client *client;
} shared;

static void on_hello(struct http_exchange *exchange, void *state)
{
    struct http_pair field = {"X-Platform", "  world "};
    struct http_answer answer = {
        .status = 200, .body = bytes_of_text("hello"), .fields = &field, .field_count = 1};
    (void)state;
    shared.hits++;
    http_answer(exchange, &answer);
}

static void on_echo(struct http_exchange *exchange, void *state)
{
    struct buffer text = {0};
    const char *type = http_header(exchange, "content-type");
    (void)state;
    shared.hits++;
    buffer_format(&text, "%s %s %s ", http_method(exchange), type ? type : "-",
                  http_header(exchange, "authorization"));
    struct bytes body = http_body(exchange);
    buffer_add(&text, body.data, body.length);
    http_answer_json(exchange, 201, buffer_view(&text));
    buffer_done(&text);
}

static void on_third_time(struct http_exchange *exchange, void *state)
{
    (void)state;
    int hit = ++shared.hits;
    http_answer_json(exchange, hit < 3 ? 503 : 200, bytes_of_text("x"));
}

static void on_busy(struct http_exchange *exchange, void *state)
{
    struct http_pair again = {"Retry-After", "1"};
    (void)state;
    if (++shared.hits == 1)
        http_answer_problem_with(exchange, 429, "busy", "busy", &again, 1);
    else
        http_answer_json(exchange, 200, bytes_of_text("x"));
}

static void on_down(struct http_exchange *exchange, void *state)
{
    (void)state;
    shared.hits++;
    http_answer_json(exchange, 500, bytes_of_text("x"));
}

static void on_redirect(struct http_exchange *exchange, void *state)
{
    struct http_pair to = {"Location", "/hello"};
    struct http_answer answer = {.status = 307, .fields = &to, .field_count = 1};
    (void)state;
    shared.hits++;
    http_answer(exchange, &answer);
}

static void nothing(void *arg)
{
    (void)arg;
}

/* It has done its work, and its reply is lost: an end without a byte. */
static void on_lost_reply(struct http_exchange *exchange, void *state)
{
    struct http_answer head = {.status = 200};
    (void)state;
    shared.hits++;
    if (http_stream_start(exchange, &head, nothing, NULL)) {
        char block[64 << 10] = {0};
        for (int i = 0; i < 1024; i++) /* over the queue's limit: the server cuts itself off */
            http_stream_add(exchange, bytes_of(block, sizeof block));
    }
}

static const struct http_route routes[] = {
    {"GET",  "/hello",      on_hello,      0},
    {"POST", "/echo",       on_echo,       0},
    {"PUT",  "/echo",       on_echo,       0},
    {"GET",  "/third-time", on_third_time, 0},
    {"GET",  "/busy",       on_busy,       0},
    {"GET",  "/down",       on_down,       0},
    {"POST", "/down",       on_down,       0},
    {"GET",  "/redirect",   on_redirect,   0},
    {"POST", "/redirect",   on_redirect,   0},
    {"POST", "/lost-reply", on_lost_reply, 0},
};

static int open_all(void **state)
{
    struct http_settings settings = {.routes = routes, .route_count = COUNT(routes)};
    struct http_client_settings client = {
        .backoff_base_ms = 1, .breaker_open_ms = 300000, .host_rate_per_s = 1000};
    (void)state;
    shared.hits = 0;
    loopback_open(&shared.loopback, &settings);
    shared.client = http_client_new(&client);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    http_client_free(shared.client);
    loopback_close(&shared.loopback);
    return 0;
}

/* The URL is the caller's to keep. */
static struct http_call call_to(const char *method, const char *path, char url[static 128])
{
    (void)snprintf(url, 128, "http://127.0.0.1:%d%s", shared.loopback.port, path);
    return (struct http_call){.method = method, .url = url};
}

static void assert_outcome(struct http_call *call, enum http_outcome outcome, int status, int hits)
{
    http_client_run(shared.client, call, 1);
    if (call->result.outcome != outcome || call->result.status != status)
        fail_msg("outcome %d, status %d, %s", (int)call->result.outcome, call->result.status,
                 call->result.text);
    assert_int_equal(shared.hits, hits);
}

static void a_read_gives_status_headers_and_body(void **state)
{
    char url[128];
    (void)state;
    struct http_call call = call_to("GET", "/hello", url);
    assert_outcome(&call, HTTP_ANSWERED, 200, 1);
    assert_true(bytes_equal(buffer_view(&call.result.body), bytes_of_text("hello")));
    assert_string_equal(http_call_header(&call, "x-PLATFORM"), "world");
    assert_null(http_call_header(&call, "x-other"));
    assert_string_equal(call.result.text, "");
    http_call_done(&call);
}

static void many_calls_run_side_by_side(void **state)
{
    enum { CALLS = 40 };
    static struct http_call calls[CALLS];
    static char urls[CALLS][128];
    (void)state;
    for (int i = 0; i < CALLS; i++)
        calls[i] = call_to("GET", "/hello", urls[i]);
    http_client_run(shared.client, calls, CALLS);
    for (int i = 0; i < CALLS; i++) {
        assert_int_equal(calls[i].result.status, 200);
        http_call_done(&calls[i]);
    }
    assert_int_equal(shared.hits, CALLS);
}

static void a_write_sends_its_method_headers_and_body(void **state)
{
    struct http_pair headers[] = {
        {"Authorization", "Bearer t0k"},
        {"Content-Type",  "text/x"    }
    };
    char url[128];
    (void)state;
    struct http_call call = call_to("PUT", "/echo", url);
    call.write = true;
    call.headers = headers;
    call.header_count = 2;
    call.body = bytes_of_text("73");
    assert_outcome(&call, HTTP_ANSWERED, 201, 1);
    assert_true(
        bytes_equal(buffer_view(&call.result.body), bytes_of_text("PUT text/x Bearer t0k 73")));
    http_call_done(&call);
}

static void a_read_is_tried_three_times(void **state)
{
    char url[128];
    (void)state;
    struct http_call call = call_to("GET", "/third-time", url);
    assert_outcome(&call, HTTP_ANSWERED, 200, 3);
    assert_int_equal(call.result.tries, 3);
    http_call_done(&call);
}

static void a_read_is_tried_as_often_as_it_says(void **state)
{
    char url[128];
    (void)state;
    struct http_call call = call_to("GET", "/third-time", url);
    call.tries_max = 1;
    assert_outcome(&call, HTTP_ANSWERED, 503, 1);
    http_call_done(&call);
}

static void a_call_is_not_begun_before_its_time(void **state)
{
    char url[128];
    (void)state;
    struct http_call call = call_to("GET", "/hello", url);
    call.start_boot_ms = clock_boot_ms() + 300;
    assert_outcome(&call, HTTP_ANSWERED, 200, 1);
    assert_true(clock_boot_ms() >= call.start_boot_ms);
    http_call_done(&call);
}

static void retry_after_is_obeyed(void **state)
{
    char url[128];
    (void)state;
    struct http_call call = call_to("GET", "/busy", url);
    assert_outcome(&call, HTTP_ANSWERED, 200, 2);
    assert_true(call.result.duration_ms >= 1000);
    http_call_done(&call);
}

static void a_write_is_sent_once_whatever_comes_back(void **state)
{
    char url[128];
    (void)state;
    struct http_call call = call_to("POST", "/down", url);
    call.write = true;
    assert_outcome(&call, HTTP_ANSWERED, 500, 1);
    assert_int_equal(call.result.tries, 1);
    http_call_done(&call);
}

static void a_redirect_is_an_answer_and_is_not_followed(void **state)
{
    static const char *const methods[] = {"GET", "POST"};
    char url[128];
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct http_call call = call_to(methods[i], "/redirect", url);
        call.write = i == 1;
        assert_outcome(&call, HTTP_ANSWERED, 307, i + 1);
        http_call_done(&call);
    }
}

static void a_write_whose_reply_is_lost_is_unknown_and_was_sent_once(void **state)
{
    char url[128];
    (void)state;
    struct http_call call = call_to("POST", "/lost-reply", url);
    call.write = true;
    call.body = bytes_of_text("73");
    http_client_run(shared.client, &call, 1);
    assert_int_equal(call.result.outcome, HTTP_UNKNOWN);
    assert_int_equal(shared.hits, 1);
    http_call_done(&call);
}

static void a_write_past_its_time_is_not_sent(void **state)
{
    char url[128];
    (void)state;
    struct http_call call = call_to("POST", "/echo", url);
    call.write = true;
    call.send_before_boot_ms = clock_boot_ms();
    assert_outcome(&call, HTTP_NOT_SENT, 0, 0);
    http_call_done(&call);
}

static void a_write_whose_time_passes_while_it_waits_its_turn_is_not_sent(void **state)
{
    struct http_client_settings slow = {.host_rate_per_s = 0.001, .host_burst = 1};
    OWNED(http_client) *client = http_client_new(&slow);
    struct http_call calls[2];
    char url[128];
    (void)state;
    for (int i = 0; i < 2; i++) {
        calls[i] = call_to("POST", "/echo", url);
        calls[i].write = true;
        calls[i].send_before_boot_ms = clock_boot_ms() + 2000;
    }
    http_client_run(client, calls, 2);
    assert_int_equal(calls[0].result.outcome, HTTP_ANSWERED);
    assert_int_equal(calls[1].result.outcome, HTTP_NOT_SENT);
    assert_int_equal(shared.hits, 1);
    http_call_done(&calls[0]);
    http_call_done(&calls[1]);
}

static void after_three_failures_a_host_is_left_alone(void **state)
{
    char url[128];
    (void)state;
    struct http_call first = call_to("GET", "/down", url);
    assert_outcome(&first, HTTP_ANSWERED, 500, 3);
    struct http_call second = call_to("GET", "/hello", url);
    assert_outcome(&second, HTTP_NOT_SENT, 0, 3);
    assert_non_null(strstr(second.result.text, "resting"));
    assert_true(second.result.again_boot_ms > clock_boot_ms());
    http_call_done(&first);
    http_call_done(&second);
}

static void an_answer_over_its_limit_is_given_up_and_not_fetched_again(void **state)
{
    char url[128];
    (void)state;
    struct http_call call = call_to("GET", "/hello", url);
    call.body_bytes_max = 4;
    assert_outcome(&call, HTTP_UNKNOWN, 200, 1);
    assert_non_null(strstr(call.result.text, "larger"));
    assert_true(call.result.too_large);
    http_call_done(&call);
}

static void assert_not_tried(struct http_call call)
{
    http_client_run(shared.client, &call, 1);
    assert_int_equal(call.result.outcome, HTTP_NOT_SENT);
    assert_int_equal(call.result.tries, 0);
    assert_string_not_equal(call.result.text, "");
    http_call_done(&call);
}

static void what_is_not_a_plain_http_request_is_not_sent(void **state)
{
    struct http_pair split = {"X-A", "b\r\nX-Evil: c"};
    struct http_call call = {.method = "GET", .url = "file:///etc/passwd"};
    (void)state;
    assert_not_tried(call);
    call.url = "gopher://127.0.0.1/x";
    assert_not_tried(call);
    call.url = "not a url";
    assert_not_tried(call);
    call.url = "http://127.0.0.1/";
    call.headers = &split;
    call.header_count = 1;
    assert_not_tried(call);
    call.header_count = 0;
    call.method = "GET /x";
    assert_not_tried(call);
}

static void a_stopping_process_begins_nothing(void **state)
{
    static const bool stop = true;
    struct http_client_settings settings = {.stop = &stop};
    OWNED(http_client) *client = http_client_new(&settings);
    char url[128];
    (void)state;
    struct http_call call = call_to("GET", "/hello", url);
    http_client_run(client, &call, 1);
    assert_int_equal(call.result.outcome, HTTP_NOT_SENT);
    assert_non_null(strstr(call.result.text, "stopping"));
    assert_int_equal(shared.hits, 0);
    http_call_done(&call);
}

#define WITH_ALL(test) cmocka_unit_test_setup_teardown(test, open_all, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ALL(a_read_gives_status_headers_and_body),
        WITH_ALL(many_calls_run_side_by_side),
        WITH_ALL(a_write_sends_its_method_headers_and_body),
        WITH_ALL(a_read_is_tried_three_times),
        WITH_ALL(a_read_is_tried_as_often_as_it_says),
        WITH_ALL(a_call_is_not_begun_before_its_time),
        WITH_ALL(retry_after_is_obeyed),
        WITH_ALL(a_write_is_sent_once_whatever_comes_back),
        WITH_ALL(a_redirect_is_an_answer_and_is_not_followed),
        WITH_ALL(a_write_whose_reply_is_lost_is_unknown_and_was_sent_once),
        WITH_ALL(a_write_past_its_time_is_not_sent),
        WITH_ALL(a_write_whose_time_passes_while_it_waits_its_turn_is_not_sent),
        WITH_ALL(after_three_failures_a_host_is_left_alone),
        WITH_ALL(an_answer_over_its_limit_is_given_up_and_not_fetched_again),
        WITH_ALL(what_is_not_a_plain_http_request_is_not_sent),
        WITH_ALL(a_stopping_process_begins_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
