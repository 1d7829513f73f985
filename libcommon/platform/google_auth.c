/* google_auth: an access token for a refresh token, kept until shortly before it ends. */
#include "google.h"

#include "clock.h"
#include "http_form.h"

#include <ctype.h>
#include <string.h>

enum { token_bytes_max = 4096, answer_bytes_max = 64 * 1024 };

/* OAuth's own errors: {"error":"invalid_grant"}. Ours to mend, so never tried again by itself. */
static struct platform_reply refusal_of(const struct http_result *result)
{
    OWNED(json_t) *json = NULL;
    struct err err = {0};
    const char *word = NULL;
    struct platform_reply reply = google_classify(result, false);
    if (result->outcome == HTTP_ANSWERED && (result->status == 400 || result->status == 401)
        && json_parse(buffer_view(&result->body), answer_bytes_max, &json, &err)
        && json_need_text(json, "error", sizeof reply.code - 1, &word, &err)
        && word[strspn(word, "abcdefghijklmnopqrstuvwxyz_")] == '\0')
        reply = platform_reply_of(PLATFORM_AUTH, word);
    return reply;
}

/* A token that could break out of its header is no token. */
static bool keep_token(struct google *google, struct bytes answer, int64_t asked_boot_ms)
{
    OWNED(json_t) *json = NULL;
    struct err err = {0};
    const char *token = NULL;
    int64_t seconds = 0;
    if (!json_parse(answer, answer_bytes_max, &json, &err)
        || !json_need_text(json, "access_token", token_bytes_max, &token, &err)
        || !json_need_int(json, "expires_in", 1, 366L * 24 * 3600, &seconds, &err))
        return false;
    for (const char *at = token; *at; at++)
        if (!isgraph((unsigned char)*at))
            return false;
    google_forget_token(google);
    google->token = mem_text(token);
    google->token_until_boot_ms = asked_boot_ms + seconds * 900; /* nine tenths of its life */
    return true;
}

void google_forget_token(struct google *google)
{
    mem_free(google->token);
    google->token = NULL;
}

bool google_authorize(struct google *google, struct platform_reply *ret_reply)
{
    static const struct http_pair headers[] = {
        {"Content-Type", "application/x-www-form-urlencoded"}
    };
    const struct platform_settings *settings = &google->settings;
    int64_t now_boot_ms = clock_boot_ms();
    if (google->token && now_boot_ms < google->token_until_boot_ms)
        return true;

    BUFFER form = {0}, url = {0};
    http_form_add(&form, "grant_type", "refresh_token");
    http_form_add(&form, "client_id", settings->google_client_id);
    http_form_add(&form, "client_secret", settings->google_client_secret);
    http_form_add(&form, "refresh_token", settings->google_refresh_token);
    buffer_format(&url, "%s/token", settings->google_token_url);
    struct http_call call = {
        .method = "POST",
        .url = (const char *)url.data,
        .headers = headers,
        .header_count = COUNT(headers),
        .body = buffer_view(&form),
        .timeout_ms = settings->timeout_ms,
        .body_bytes_max = answer_bytes_max,
    };
    http_client_run(google->client, &call, 1);
    bool ok = call.result.outcome == HTTP_ANSWERED && call.result.status == 200;
    if (!ok)
        *ret_reply = refusal_of(&call.result);
    else if (!(ok = keep_token(google, buffer_view(&call.result.body), now_boot_ms)))
        *ret_reply = platform_reply_of(PLATFORM_TRANSIENT, "unreadable_token");
    http_call_done(&call);
    return ok;
}
