/* meta_call: one GET with its token and proof. */
#include "meta.h"

#include "hash.h"
#include "http_form.h"

#include <stdio.h>
#include <string.h>

/* Knowing the token is not enough to use it: the app's secret proves who does. */
static void add_proof(const struct platform_settings *settings, struct buffer *query)
{
    char text[2 * HASH_BYTES + 1];
    if (!settings->meta_app_secret || !settings->meta_app_secret[0])
        return;
    struct hash proof = hash_hmac_sha256(bytes_of_text(settings->meta_app_secret),
                                         bytes_of_text(settings->meta_access_token));
    hex_encode(hash_view(&proof), text);
    http_form_add(query, "appsecret_proof", text);
}

static void blot_out(struct buffer *answer, struct bytes secret)
{
    uint8_t *at = answer->data, *end = answer->data + answer->length;
    while (at && (at = memmem(at, (size_t)(end - at), secret.data, secret.length))) {
        memset(at, 'x', secret.length);
        at += secret.length;
    }
}

/* As it is, and as a link has it. */
static void blot_out_token(struct buffer *answer, const char *token)
{
    static const char name[] = "access_token";
    BUFFER pair = {0};
    http_form_add(&pair, name, token);
    blot_out(answer, bytes_of_text(token));
    blot_out(answer, bytes_of(pair.data + sizeof name, pair.length - sizeof name));
}

void meta_call_run(struct meta *meta, struct meta_call *call)
{
    const struct platform_settings *settings = &meta->settings;
    BUFFER url = {0}, authorization = {0};
    if (!settings->meta_url || !settings->meta_access_token || !settings->meta_access_token[0]) {
        call->reply = platform_reply_of(PLATFORM_PERMANENT, "not_configured");
        buffer_done(&call->query);
        return;
    }
    add_proof(settings, &call->query);
    buffer_format(&url, "%s/%s/act_%s%s?%s", settings->meta_url, settings->meta_version,
                  call->account + strlen("meta/"), call->edge, (const char *)call->query.data);
    buffer_format(&authorization, "Bearer %s", settings->meta_access_token);
    const struct http_pair header = {"Authorization", (const char *)authorization.data};
    struct http_call http = {
        .method = "GET",
        .url = (const char *)url.data,
        .headers = &header,
        .header_count = 1,
        .start_boot_ms = call->start_boot_ms,
        .tries_max = call->tries_max,
        .timeout_ms = settings->timeout_ms,
        .body_bytes_max = REPORT_BYTES_MAX,
    };
    http_client_run(meta->client, &http, 1);
    call->reply = meta_classify(&http.result);
    if (call->reply.fate == PLATFORM_OK) {
        call->answer = http.result.body;
        http.result.body = (struct buffer){0};
        blot_out_token(&call->answer, settings->meta_access_token);
    }
    http_call_done(&http);
    buffer_done(&call->query);
}
