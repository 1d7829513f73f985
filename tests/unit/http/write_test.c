/* write: what the client may claim, and say, when the other end does not play along. */
#include "http_client.h"

#include "loopback.h"

#include "clock.h"

static struct http_client *client;

static int open_client(void **state)
{
    struct http_client_settings settings = {.host_rate_per_s = 1000};
    (void)state;
    client = http_client_new(&settings);
    return 0;
}

static int close_client(void **state)
{
    (void)state;
    http_client_free(client);
    return 0;
}

/* Accepts, reads the whole request, and closes. */
static void *take_and_close(void *arg)
{
    int listener = *(int *)arg;
    char data[4096] = "";
    size_t length = 0;
    int fd = accept(listener, NULL, NULL);
    while (fd >= 0 && !strstr(data, "\r\n\r\n73")) {
        ssize_t now = recv(fd, data + length, sizeof data - 1 - length, 0);
        if (now <= 0)
            break;
        length += (size_t)now;
        data[length] = '\0';
    }
    close(fd);
    return NULL;
}

static int listen_anywhere(char url[static 128])
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
    (void)snprintf(url, 128, "http://127.0.0.1:%d/", ntohs(address.sin_port));
    return listener;
}

static void a_write_to_one_who_hangs_up_after_reading_is_unknown(void **state)
{
    char url[128];
    pthread_t thread;
    (void)state;
    int listener = listen_anywhere(url);
    pthread_create(&thread, NULL, take_and_close, &listener);
    struct http_call call = {
        .method = "POST", .url = url, .write = true, .body = bytes_of_text("73")};
    http_client_run(client, &call, 1);
    assert_int_equal(call.result.outcome, HTTP_UNKNOWN);
    pthread_join(thread, NULL);
    close(listener);
    http_call_done(&call);
}

/* On a slow machine the time may be over before the write was sent: then it gets twice the time. */
static void a_write_that_times_out_unanswered_is_unknown(void **state)
{
    char url[128];
    char first_byte;
    ssize_t arrived = 0;
    (void)state;
    for (int64_t timeout_ms = 150; arrived != 1; timeout_ms *= 2) {
        int listener = listen_anywhere(url); /* the kernel accepts, nobody reads */
        struct http_call call = {.method = "POST",
                                 .url = url,
                                 .write = true,
                                 .timeout_ms = timeout_ms,
                                 .body = bytes_of_text("73")};
        assert_true(timeout_ms < 20000);
        http_client_run(client, &call, 1);
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        arrived = recv(fd, &first_byte, 1, 0);
        assert_true(arrived != 1 || call.result.outcome == HTTP_UNKNOWN);
        close(fd);
        close(listener);
        http_call_done(&call);
    }
}

static void a_write_that_is_refused_the_connection_is_not_sent(void **state)
{
    char url[128];
    (void)state;
    close(listen_anywhere(url));
    struct http_call call = {.method = "POST", .url = url, .write = true};
    http_client_run(client, &call, 1);
    assert_int_equal(call.result.outcome, HTTP_NOT_SENT);
    http_call_done(&call);
}

struct late_listener {
    int listener;
    int64_t open_at_ms;
};

/* Makes room in the accept queue when the write's time has passed. */
static void *accept_late(void *arg)
{
    struct late_listener *late = arg;
    int64_t wait_ms;
    while ((wait_ms = late->open_at_ms - clock_boot_ms()) > 0)
        usleep((unsigned)wait_ms * 1000);
    close(accept(late->listener, NULL, NULL));
    return NULL;
}

/* One try: was it late when the connection stood, rather than before it began to connect? */
static bool late_while_connecting(int64_t window_ms)
{
    char url[128];
    char first_bytes[16];
    pthread_t thread;
    struct late_listener late = {.listener = listen_anywhere(url)};
    struct loopback there = {.port = (int)strtol(strrchr(url, ':') + 1, NULL, 10)};
    assert_int_equal(listen(late.listener, 0), 0);
    int filler = loopback_connect(&there); /* the queue holds one; the next SYN is dropped */
    late.open_at_ms = clock_boot_ms() + window_ms;
    pthread_create(&thread, NULL, accept_late, &late);
    struct http_call call = {.method = "POST",
                             .url = url,
                             .write = true,
                             .send_before_boot_ms = late.open_at_ms,
                             .body = bytes_of_text("73")};
    http_client_run(client, &call, 1);
    assert_int_equal(call.result.outcome, HTTP_NOT_SENT);
    pthread_join(thread, NULL);
    bool began = strstr(call.result.text, "when the connection stood");
    if (began) {
        int fd = accept(late.listener, NULL, NULL);
        assert_int_equal(recv(fd, first_bytes, sizeof first_bytes, 0), 0);
        close(fd);
    }
    close(filler);
    close(late.listener);
    http_call_done(&call);
    return began;
}

static void a_write_whose_time_passes_while_it_connects_is_not_sent(void **state)
{
    (void)state;
    int64_t window_ms = 300;
    while (!late_while_connecting(window_ms))
        assert_true((window_ms *= 2) < 20000);
}

static void an_error_text_holds_no_secret(void **state)
{
    struct http_pair header = {"Authorization", "Bearer s3cret"};
    char url[128], with_secret[160];
    (void)state;
    close(listen_anywhere(url));
    (void)snprintf(with_secret, sizeof with_secret, "%sp?access_token=s3cret", url);
    struct http_call call = {
        .method = "GET", .url = with_secret, .headers = &header, .header_count = 1};
    http_client_run(client, &call, 1);
    assert_int_equal(call.result.outcome, HTTP_NOT_SENT);
    assert_non_null(strstr(call.result.text, "127.0.0.1"));
    assert_null(strstr(call.result.text, "s3cret"));
    assert_null(strstr(call.result.text, "access_token"));
    http_call_done(&call);
}

#define WITH_CLIENT(test) cmocka_unit_test_setup_teardown(test, open_client, close_client)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CLIENT(a_write_to_one_who_hangs_up_after_reading_is_unknown),
        WITH_CLIENT(a_write_that_times_out_unanswered_is_unknown),
        WITH_CLIENT(a_write_that_is_refused_the_connection_is_not_sent),
        WITH_CLIENT(a_write_whose_time_passes_while_it_connects_is_not_sent),
        WITH_CLIENT(an_error_text_holds_no_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
