#include "api.h"

#include "http_client.h"
#include "mem.h"
#include "uuid.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const int64_t timeout_ms = 15000;

/* A problem's status, and what it means to a script. */
static const struct {
    int status, code;
} meanings[] = {
    {400, EXIT_USAGE      },
    {403, EXIT_REFUSED    },
    {404, EXIT_UNKNOWN    },
    {409, EXIT_CONFLICT   },
    {412, EXIT_CONFLICT   },
    {422, EXIT_USAGE      },
    {428, EXIT_USAGE      },
    {503, EXIT_UNREACHABLE},
};

/* Where a fault stands in the request, and the flag that put it there. */
static const struct {
    const char *pointer, *flag;
} places[] = {
    {"/effects/0/account", "--account"},
    {"/effects/0/target",  "--target" },
    {"/effects/0/daily",   "--daily"  },
    {"/note",              "--reason" },
    {"/reason",            "--reason" },
    {"/ttl_s",             "--ttl"    },
    {"/outcome",           "--outcome"},
    {"Idempotency-Key",    "--key"    },
    {"state",              "--state"  },
    {"limit",              "--limit"  },
};

const char *api_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

int64_t api_int(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

/* "" when no flag put it there. */
static const char *flag_of(const json_t *error)
{
    for (size_t i = 0; i < COUNT(places); i++)
        if (strcmp(places[i].pointer, api_text(error, "pointer")) == 0)
            return places[i].flag;
    return "";
}

static int say_problem(const struct http_call *call, const json_t *problem)
{
    int code = EXIT_ERROR;
    const char *detail = api_text(problem, "detail"), *hint = api_text(problem, "hint");
    const char *id = api_text(problem, "request_id");
    const json_t *error = json_array_get(json_object_get(problem, "errors"), 0);
    const char *flag = flag_of(error);
    if (*flag)
        detail = api_text(error, "text");
    for (size_t i = 0; i < COUNT(meanings); i++)
        if (meanings[i].status == call->result.status)
            code = meanings[i].code;
    cli_fail(code, *hint ? hint : NULL, "%s%s%s%s", code == EXIT_REFUSED ? "refused: " : "", flag,
             *flag ? ": " : "",
             *detail ? detail : "the gateway answered something else than it should");
    if (!*id)
        id = http_call_header(call, "X-Request-Id");
    fprintf(stderr, "  request id: %s\n", id && *id ? id : "none");
    return code;
}

/* All texts in it, which people wrote. */
static void make_plain(json_t *json)
{
    const char *name;
    json_t *value;
    size_t index;
    if (json_is_string(json)) {
        char *text = mem_text(json_string_value(json));
        cli_plain(text);
        json_string_set(json, text);
        mem_free(text);
    }
    json_array_foreach(json, index, value) make_plain(value);
    json_object_foreach(json, name, value) make_plain(value);
}

static int read_answer(const struct cli *cli, const struct http_call *call, json_t **ret_answer)
{
    struct err err = {0};
    OWNED(json_t) *answer = NULL;
    if (call->result.outcome != HTTP_ANSWERED)
        return cli_fail(EXIT_UNREACHABLE, "./aelp status shows what runs", "%s", call->result.text);
    bool read = json_parse(buffer_view(&call->result.body), 8 << 20, &answer, &err);
    if (!cli->json)
        make_plain(answer);
    if (call->result.status >= 300 || !read)
        return say_problem(call, answer);
    *ret_answer = TAKE(answer);
    return EXIT_DONE;
}

int api_call(struct cli *cli, const struct api_request *request, json_t **ret_answer)
{
    char url[1200], authorization[400], tag[80];
    struct buffer body = {0};
    struct http_pair headers[4];
    size_t count = 0;
    if (!*cli->settings.token)
        return cli_fail(EXIT_USAGE, "set AELP2_TOKEN or AELP2_TOKEN_FILE", "there is no token");
    snprintf(url, sizeof url, "%s%s", cli->settings.url, request->path);
    snprintf(authorization, sizeof authorization, "Bearer %s", cli->settings.token);
    headers[count++] = (struct http_pair){"Authorization", authorization};
    if (request->body) {
        json_write(request->body, &body);
        headers[count++] = (struct http_pair){"Content-Type", "application/json"};
    }
    if (request->if_match) {
        snprintf(tag, sizeof tag, "\"%s\"", request->if_match);
        headers[count++] = (struct http_pair){"If-Match", tag};
    }
    if (request->idempotency)
        headers[count++] = (struct http_pair){"Idempotency-Key", request->idempotency};
    struct http_call call = {
        .method = request->method,
        .url = url,
        .headers = headers,
        .header_count = count,
        .body = buffer_view(&body),
        .write = strcmp(request->method, "GET") != 0,
        .timeout_ms = timeout_ms,
    };
    OWNED(http_client) *client =
        http_client_new(&(struct http_client_settings){.user_agent = "aelpctl"});
    http_client_run(client, &call, 1);
    int code = read_answer(cli, &call, ret_answer);
    http_call_done(&call);
    buffer_done(&body);
    return code;
}

int api_get(struct cli *cli, const char *path, json_t **ret_answer)
{
    return api_call(cli, &(struct api_request){.method = "GET", .path = path}, ret_answer);
}

static bool may_be_id(const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++)
        if (!isxdigit((unsigned char)text[i]) && text[i] != '-')
            return false;
    return length >= 8 && length < API_ID;
}

int api_find(struct cli *cli, const char *given, char id[static API_ID])
{
    struct uuid whole;
    char path[100];
    OWNED(json_t) *page = NULL;
    snprintf(id, API_ID, "%s", given);
    if (uuid_parse(given, &whole))
        return EXIT_DONE;
    if (!may_be_id(given))
        return cli_fail(EXIT_USAGE, "aelpctl proposals list",
                        "'%s' is not an id, nor its first 13 characters (8 at least)", given);
    snprintf(path, sizeof path, "/api/v1/proposals?limit=2&id=%s", given);
    int code = api_get(cli, path, &page);
    if (code)
        return code;
    const json_t *items = json_object_get(page, "items");
    if (json_array_size(items) == 0)
        return cli_fail(EXIT_UNKNOWN, "aelpctl proposals list", "no proposal begins with %s",
                        given);
    if (json_array_size(items) > 1)
        return cli_fail(EXIT_USAGE, "give more of it", "several proposals begin with %s", given);
    snprintf(id, API_ID, "%s", api_text(json_array_get(items, 0), "id"));
    return EXIT_DONE;
}

int api_show(struct cli *cli, const char *given, json_t **ret_proposal)
{
    char id[API_ID], path[80];
    int code = api_find(cli, given, id);
    if (code)
        return code;
    snprintf(path, sizeof path, "/api/v1/proposals/%s", id);
    return api_get(cli, path, ret_proposal);
}
