/* http_transfer: all options are set here, so that what a write may do stands in one place. */
#include "http_transfer.h"

#include "clock.h"
#include "mem.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TIMEOUT_MS = 20000, CONNECT_MS = 10000, BODY_MAX = 8 << 20, HEADERS_MAX = 64 << 10 };

static bool is_refused(struct http_call *call, const char *text)
{
    call->result.outcome = HTTP_NOT_SENT;
    (void)snprintf(call->result.text, sizeof call->result.text, "%s", text);
    return false;
}

bool http_transfer_check(struct http_call *call)
{
    if (call->method[0] == '\0' || strpbrk(call->method, " \t\r\n"))
        return is_refused(call, "malformed method");
    for (size_t i = 0; i < call->header_count; i++)
        if (strpbrk(call->headers[i].name, " :\t\r\n") || strpbrk(call->headers[i].value, "\r\n"))
            return is_refused(call, "malformed header");
    return true;
}

static size_t on_body(char *data, size_t size, size_t count, void *arg)
{
    struct http_transfer *transfer = arg;
    struct buffer *body = &transfer->call->result.body;
    size_t most = transfer->call->body_bytes_max ? transfer->call->body_bytes_max : BODY_MAX;
    if (size * count > most - body->length) {
        transfer->call->result.too_large = true;
        return 0;
    }
    buffer_add(body, data, size * count);
    return size * count;
}

/* Kept as name NUL value NUL. A status line begins anew, so the last response's headers remain. */
static size_t on_header(char *data, size_t size, size_t count, void *arg)
{
    struct http_transfer *transfer = arg;
    struct buffer *headers = &transfer->call->result.headers;
    size_t length = size * count;
    if (length >= 5 && memcmp(data, "HTTP/", 5) == 0) {
        buffer_clear(headers);
        return length;
    }
    const char *colon = memchr(data, ':', length);
    if (!colon)
        return length;
    if (headers->length + length > HEADERS_MAX) {
        transfer->call->result.too_large = true;
        return 0;
    }
    const char *value = colon + 1, *end = data + length;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && strchr(" \t\r\n", end[-1]))
        end--;
    buffer_add(headers, data, (size_t)(colon - data));
    buffer_add(headers, "", 1);
    buffer_add(headers, value, (size_t)(end - value));
    buffer_add(headers, "", 1);
    return length;
}

/* curl calls this when the connection stands, and then sends the request. */
static int on_connected(void *arg, char *remote, char *local, int remote_port, int local_port)
{
    struct http_transfer *transfer = arg;
    int64_t before_ms = transfer->call->send_before_boot_ms;
    (void)remote, (void)local, (void)remote_port, (void)local_port;
    if (before_ms && clock_boot_ms() >= before_ms) {
        transfer->late = true;
        return CURL_PREREQFUNC_ABORT;
    }
    transfer->sent = true;
    return CURL_PREREQFUNC_OK;
}

static bool has_header(const struct http_call *call, const char *name)
{
    for (size_t i = 0; i < call->header_count; i++)
        if (strcasecmp(call->headers[i].name, name) == 0)
            return true;
    return false;
}

static void add_header(struct http_transfer *transfer, const char *text)
{
    struct curl_slist *more = curl_slist_append(transfer->headers, text);
    if (!more)
        abort(); /* out of memory */
    transfer->headers = more;
}

/* An empty header of curl's own is left out: no wait for 100, no made-up type. */
static void set_headers(struct http_transfer *transfer)
{
    const struct http_call *call = transfer->call;
    struct buffer line = {0};
    for (size_t i = 0; i < call->header_count; i++) {
        bool empty = call->headers[i].value[0] == '\0';
        buffer_clear(&line);
        buffer_format(&line, "%s%s%s", call->headers[i].name, empty ? ";" : ": ",
                      call->headers[i].value);
        add_header(transfer, (const char *)line.data);
    }
    buffer_done(&line);
    add_header(transfer, "Expect:");
    if (!has_header(call, "content-type"))
        add_header(transfer, "Content-Type:");
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
}

static void set_method(CURL *easy, const struct http_call *call)
{
    bool has_body = call->body.length > 0 || strcmp(call->method, "POST") == 0
        || strcmp(call->method, "PUT") == 0 || strcmp(call->method, "PATCH") == 0;
    if (has_body) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.length);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS,
                         call->body.length ? (const char *)call->body.data : "");
    } else if (strcmp(call->method, "HEAD") == 0) {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
        return;
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, call->method);
}

static void set_limits(struct http_transfer *transfer, const struct http_client_settings *settings)
{
    CURL *easy = transfer->easy;
    const struct http_call *call = transfer->call;
    long timeout_ms = call->timeout_ms ? (long)call->timeout_ms : TIMEOUT_MS;
    if (call->write && timeout_ms > TIMEOUT_MS)
        timeout_ms = TIMEOUT_MS;
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     timeout_ms < CONNECT_MS ? timeout_ms : (long)CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    if (settings->ca_file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, settings->ca_file);
    if (call->write) { /* nothing by which curl might send it a second time */
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
        curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
        curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    }
}

void http_transfer_begin(struct http_transfer *transfer,
                         const struct http_client_settings *settings)
{
    struct http_call *call = transfer->call;
    transfer->easy = curl_easy_init();
    if (!transfer->easy)
        abort(); /* out of memory */
    transfer->sent = transfer->late = call->result.too_large = false;
    call->result.status = 0;
    call->result.text[0] = '\0';
    buffer_clear(&call->result.body);
    buffer_clear(&call->result.headers);
    call->result.tries++;

    CURL *easy = transfer->easy;
    curl_easy_setopt(easy, CURLOPT_URL, call->url);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, settings->user_agent);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_connected);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
    set_limits(transfer, settings);
    set_method(easy, call);
    set_headers(transfer);
}

/* curl's own messages may quote the URL, its names of errors do not. */
static const char *reason(const struct http_transfer *transfer, CURLcode code)
{
    if (transfer->late)
        return "the time to send by had passed when the connection stood";
    if (transfer->call->result.too_large)
        return "the answer is larger than allowed";
    return curl_easy_strerror(code);
}

void http_transfer_end(struct http_transfer *transfer, CURLcode code, const char *host)
{
    struct http_result *result = &transfer->call->result;
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    result->status = (int)status;
    if (code == CURLE_OK)
        result->outcome = HTTP_ANSWERED;
    else
        result->outcome = transfer->sent ? HTTP_UNKNOWN : HTTP_NOT_SENT;
    if (code != CURLE_OK)
        (void)snprintf(result->text, sizeof result->text, "%s: %s", host, reason(transfer, code));

    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
    transfer->easy = NULL;
    transfer->headers = NULL;
}
