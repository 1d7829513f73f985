/* http_client: which call may go when: limiter, breaker and back-off around curl-multi.
 *
 * Each call waits, flies and ends; a read that failed waits again. The loop starts what is due,
 * lets curl work, and sleeps until curl has something or the next call is due. */
#include "http_client.h"

#include "clock.h"
#include "hash.h"
#include "http_backoff.h"
#include "http_breaker.h"
#include "http_bucket.h"
#include "http_transfer.h"
#include "mem.h"

#include <assert.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TRIES_MAX = 3, SLEEP_MS_MAX = 250, HOST_TEXT = 128 };

struct host {
    char name[HOST_TEXT]; /* "https://host:port" */
    struct http_breaker breaker;
    struct http_bucket bucket;
    int flying;
    struct host *next;
};

struct http_client {
    struct http_client_settings settings; /* defaults filled in */
    CURLM *multi;
    struct host *hosts;
};

struct flight {
    struct http_transfer transfer; /* first: curl hands it back, land_all makes it a flight again */
    struct host *host;
    enum { WAITING, FLYING, ENDED } state;
    int64_t due_ms; /* WAITING: not before */
    int64_t begun_ms;
};
_Static_assert(offsetof(struct flight, transfer) == 0, "land_all");

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void open_curl(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        abort();
    signal(SIGPIPE, SIG_IGN); /* TLS writes may raise it */
}

struct http_client *http_client_new(const struct http_client_settings *settings)
{
    pthread_once(&curl_once, open_curl);
    struct http_client *client = mem_new(sizeof *client);
    struct http_client_settings *own = &client->settings;
    *own = *settings;
    own->user_agent = own->user_agent ? own->user_agent : "aelp2";
    own->host_rate_per_s = own->host_rate_per_s > 0 ? own->host_rate_per_s : 50;
    own->host_burst = own->host_burst >= 1 ? own->host_burst : 50;
    own->host_connections_max = own->host_connections_max ? own->host_connections_max : 8;
    own->breaker_open_ms = own->breaker_open_ms ? own->breaker_open_ms : 10000;
    own->backoff_base_ms = own->backoff_base_ms ? own->backoff_base_ms : 200;
    client->multi = curl_multi_init();
    if (!client->multi)
        abort(); /* out of memory */
    return client;
}

void http_client_free(struct http_client *client)
{
    if (!client)
        return;
    curl_multi_cleanup(client->multi);
    while (client->hosts) {
        struct host *host = client->hosts;
        client->hosts = host->next;
        mem_free(host);
    }
    mem_free(client);
}

/* False: not an http or https URL. */
static bool name_host(const char *url, char name[static HOST_TEXT])
{
    CURLU *parts = curl_url();
    char *scheme = NULL, *host = NULL, *port = NULL;
    bool ok = parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK
        && curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK
        && curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK
        && curl_url_get(parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK
        && (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
    if (ok)
        ok = snprintf(name, HOST_TEXT, "%s://%s:%s", scheme, host, port) < HOST_TEXT;
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(parts);
    return ok;
}

static struct host *find_host(struct http_client *client, const char *name)
{
    for (struct host *host = client->hosts; host; host = host->next)
        if (strcmp(host->name, name) == 0)
            return host;
    struct host *host = mem_new(sizeof *host);
    memcpy(host->name, name, strlen(name) + 1);
    host->bucket = http_bucket_full(client->settings.host_rate_per_s, client->settings.host_burst,
                                    clock_boot_ms());
    host->next = client->hosts;
    client->hosts = host;
    return host;
}

static void end(struct flight *flight)
{
    flight->state = ENDED;
    flight->transfer.call->result.duration_ms = clock_boot_ms() - flight->begun_ms;
}

/* Before a first try this is the outcome; after one, what that gave stays. */
static void give_up(struct flight *flight, const char *why)
{
    struct http_result *result = &flight->transfer.call->result;
    if (result->tries == 0) {
        result->outcome = HTTP_NOT_SENT;
        (void)snprintf(result->text, sizeof result->text, "%s%s%s",
                       flight->host ? flight->host->name : "", flight->host ? ": " : "", why);
    }
    end(flight);
}

static void admit(struct http_client *client, struct flight *flight, struct http_call *call)
{
    char name[HOST_TEXT];
    flight->transfer.call = call;
    flight->begun_ms = flight->due_ms = clock_boot_ms();
    if (call->start_boot_ms > flight->due_ms)
        flight->due_ms = call->start_boot_ms;
    if (!http_transfer_check(call))
        end(flight);
    else if (!name_host(call->url, name))
        give_up(flight, "not an http or https URL");
    else
        flight->host = find_host(client, name);
}

static bool is_stopping(const struct http_client *client)
{
    return client->settings.stop && __atomic_load_n(client->settings.stop, __ATOMIC_ACQUIRE);
}

/* Returns when to look again; INT64_MAX: when another flight ends. */
static int64_t try_start(struct http_client *client, struct flight *flight, int64_t now_ms)
{
    struct host *host = flight->host;
    const struct http_call *call = flight->transfer.call;
    if (is_stopping(client)) {
        give_up(flight, "this process is stopping");
        return INT64_MAX;
    }
    if (call->send_before_boot_ms && now_ms >= call->send_before_boot_ms) {
        give_up(flight, "the time to send by had passed");
        return INT64_MAX;
    }
    if (now_ms < flight->due_ms)
        return flight->due_ms;
    if (host->flying >= client->settings.host_connections_max)
        return INT64_MAX;
    if (!http_breaker_admits(&host->breaker, now_ms)) {
        flight->transfer.call->result.again_boot_ms = host->breaker.open_until_ms;
        give_up(flight, "resting after three failures in a row");
        return INT64_MAX;
    }
    int64_t wait_ms = http_bucket_take(&host->bucket, now_ms);
    if (wait_ms > 0) {
        http_breaker_untried(&host->breaker);
        flight->due_ms = now_ms + wait_ms;
        return flight->due_ms;
    }

    http_transfer_begin(&flight->transfer, &client->settings);
    if (curl_multi_add_handle(client->multi, flight->transfer.easy) != CURLM_OK)
        abort(); /* out of memory, or our own misuse */
    host->flying++;
    flight->state = FLYING;
    return INT64_MAX;
}

static void tell_breaker(struct http_client *client, struct flight *flight, CURLcode code)
{
    const struct http_result *result = &flight->transfer.call->result;
    struct http_breaker *breaker = &flight->host->breaker;
    if (flight->transfer.late || code == CURLE_ABORTED_BY_CALLBACK)
        http_breaker_untried(breaker);
    else if ((code != CURLE_OK && !result->too_large) || result->status >= 500)
        http_breaker_failed(breaker, clock_boot_ms(), client->settings.breaker_open_ms);
    else
        http_breaker_succeeded(breaker);
}

/* Sets when the next try is due; false: this result stands. */
static bool wants_retry(struct http_client *client, struct flight *flight)
{
    const struct http_call *call = flight->transfer.call;
    const struct http_result *result = &call->result;
    int tries_max = call->tries_max ? call->tries_max : TRIES_MAX;
    if (call->write || result->tries >= tries_max || result->too_large || is_stopping(client))
        return false;
    if (result->outcome == HTTP_ANSWERED && !http_status_is_passing(result->status))
        return false;

    uint64_t random;
    random_bytes(&random, sizeof random);
    int64_t wait_ms = http_backoff_ms(result->tries, client->settings.backoff_base_ms, random);
    int64_t asked_ms = 0;
    (void)http_retry_after_ms(http_call_header(call, "retry-after"), /* absent: 0 */
                              clock_unix_micros() / 1000000, &asked_ms);
    if (asked_ms > HTTP_RETRY_AFTER_MS_MAX)
        return false;
    flight->due_ms = clock_boot_ms() + (asked_ms > wait_ms ? asked_ms : wait_ms);
    return true;
}

static void land(struct http_client *client, struct flight *flight, CURLcode code)
{
    curl_multi_remove_handle(client->multi, flight->transfer.easy);
    http_transfer_end(&flight->transfer, code, flight->host->name);
    flight->host->flying--;
    tell_breaker(client, flight, code);
    if (wants_retry(client, flight))
        flight->state = WAITING;
    else
        end(flight);
}

/* True: something landed, so what waited for it may be due. */
static bool land_all(struct http_client *client)
{
    CURLMsg *message;
    int left;
    bool any = false;
    while ((message = curl_multi_info_read(client->multi, &left))) {
        CURLcode code = message->data.result;
        struct flight *flight;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &flight);
        land(client, flight, code);
        any = true;
    }
    return any;
}

/* A write in flight must be heard out. */
static void give_up_reads(struct http_client *client, struct flight flights[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (flights[i].state == FLYING && !flights[i].transfer.call->write)
            land(client, &flights[i], CURLE_ABORTED_BY_CALLBACK);
}

/* One round; returns how many have not ended, and how long the loop may sleep. */
static size_t start_due(struct http_client *client, struct flight flights[], size_t count,
                        int *ret_sleep_ms)
{
    int64_t now_ms = clock_boot_ms();
    int64_t next_ms = now_ms + SLEEP_MS_MAX;
    size_t open = 0;
    for (size_t i = 0; i < count; i++) {
        if (flights[i].state == WAITING) {
            int64_t due_ms = try_start(client, &flights[i], now_ms);
            next_ms = due_ms < next_ms ? due_ms : next_ms;
        }
        open += flights[i].state != ENDED;
    }
    *ret_sleep_ms = (int)(next_ms - now_ms);
    return open;
}

void http_client_run(struct http_client *client, struct http_call calls[], size_t count)
{
    struct flight *flights = mem_array(count, sizeof *flights);
    for (size_t i = 0; i < count; i++)
        admit(client, &flights[i], &calls[i]);

    int sleep_ms = 0;
    while (start_due(client, flights, count, &sleep_ms) > 0) {
        int running;
        curl_multi_perform(client->multi, &running);
        bool landed = land_all(client);
        if (is_stopping(client))
            give_up_reads(client, flights, count);
        if (!landed)
            curl_multi_poll(client->multi, NULL, 0, sleep_ms, NULL);
    }
    mem_free(flights);
}

const char *http_result_header(const struct http_result *result, const char *name)
{
    const struct buffer *headers = &result->headers;
    for (size_t at = 0; at < headers->length;) {
        const char *own_name = (const char *)headers->data + at;
        const char *value = own_name + strlen(own_name) + 1;
        if (strcasecmp(own_name, name) == 0)
            return value;
        at += (size_t)(value - own_name) + strlen(value) + 1;
    }
    return NULL;
}

const char *http_call_header(const struct http_call *call, const char *name)
{
    return http_result_header(&call->result, name);
}

void http_call_done(struct http_call *call)
{
    buffer_done(&call->result.body);
    buffer_done(&call->result.headers);
}
