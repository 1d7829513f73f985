#include "oauth.h"

#include "hash.h"
#include "json_writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { token_text = 128, mac_hex = 2 * HASH_BYTES + 1 };

static void sign(const struct oauth *oauth, const char *claims, char ret_mac[static mac_hex])
{
    struct hash mac = hash_hmac_sha256(bytes_of_text(oauth->client_secret), bytes_of_text(claims));
    hex_encode(hash_view(&mac), ret_mac);
}

static void issue(const struct oauth *oauth, int64_t now_micros, int64_t ttl_s,
                  char token[static token_text])
{
    char claims[48], mac[mac_hex];
    snprintf(claims, sizeof claims, "%016" PRIx64 "%016" PRIx64, (uint64_t)now_micros,
             (uint64_t)(now_micros + ttl_s * 1000000));
    sign(oauth, claims, mac);
    snprintf(token, token_text, "ya29.%s%.32s", claims, mac);
}

enum oauth_verdict oauth_check(const struct oauth *oauth, const char *authorization,
                               int64_t now_micros)
{
    char claims[48], mac[mac_hex];
    int length = 0;
    uint64_t issued, until;
    if (!authorization || strncasecmp(authorization, "Bearer ", 7) != 0)
        return OAUTH_MISSING;
    const char *token = authorization + 7;
    if (strlen(token) != 5 + 32 + 32
        || sscanf(token, "ya29.%16" SCNx64 "%16" SCNx64 "%n", &issued, &until, &length) != 2
        || length != 5 + 32)
        return OAUTH_INVALID;
    snprintf(claims, sizeof claims, "%016" PRIx64 "%016" PRIx64, issued, until);
    sign(oauth, claims, mac);
    if (!hash_same_secret(bytes_of(mac, 32), bytes_of(token + 5 + 32, 32)))
        return OAUTH_INVALID;
    bool holds = (int64_t)issued >= oauth->valid_from_micros && now_micros < (int64_t)until;
    return holds ? OAUTH_VALID : OAUTH_EXPIRED;
}

static void refuse(struct reply *reply, int status, const char *error, const char *description)
{
    reply->status = status;
    buffer_format(&reply->body, "{\"error\":\"%s\",\"error_description\":\"%s\"}", error,
                  description);
}

static bool equals(const struct form *form, const char *name, const char *wanted)
{
    const char *value = form_get(form, name);
    return value && strcmp(value, wanted) == 0;
}

void oauth_answer(const struct oauth *oauth, const struct request *request, int64_t ttl_s,
                  struct reply *reply)
{
    struct form form;
    char token[token_text];
    reply->type = "application/json; charset=utf-8";
    if (!request_form(request, &form)) {
        refuse(reply, 400, "invalid_request", "The body is no form.");
    } else if (!equals(&form, "grant_type", "refresh_token")) {
        refuse(reply, 400, "unsupported_grant_type", "Invalid grant_type");
    } else if (!equals(&form, "client_id", oauth->client_id)
               || !equals(&form, "client_secret", oauth->client_secret)) {
        refuse(reply, 401, "invalid_client", "The OAuth client was not found.");
    } else if (!equals(&form, "refresh_token", oauth->refresh_token)) {
        refuse(reply, 400, "invalid_grant", "Token has been expired or revoked.");
    } else {
        issue(oauth, request->now_micros, ttl_s, token);
        reply->status = 200;
        buffer_format(&reply->body,
                      "{\"access_token\":\"%s\",\"expires_in\":%" PRId64
                      ",\"scope\":\"https://www.googleapis.com/auth/adwords\","
                      "\"token_type\":\"Bearer\"}",
                      token, ttl_s);
    }
}
