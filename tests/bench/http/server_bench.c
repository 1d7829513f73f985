/* The server that the bench loads: /hello answers 512 bytes of JSON; /token does so for a bearer
 * token whose SHA-256 is in a table of a thousand. Prints its port and runs until it is killed. */
#include "hash.h"
#include "http_server.h"
#include "mem.h"

#include <stdio.h>
#include <string.h>

enum { TOKENS = 1000, SLOTS = 4096, HELLO_BYTES = 512 };

struct bench {
    char hello[HELLO_BYTES];
    struct hash slots[SLOTS]; /* open addressing; a zero hash is an empty slot */
};

static size_t slot_of(const struct hash *hash)
{
    size_t at;
    memcpy(&at, hash->bytes, sizeof at);
    return at % SLOTS;
}

static bool is_known(const struct bench *bench, const struct hash *hash)
{
    static const struct hash empty;
    for (size_t at = slot_of(hash);; at = (at + 1) % SLOTS) {
        if (hash_equal(&bench->slots[at], hash))
            return true;
        if (hash_equal(&bench->slots[at], &empty))
            return false;
    }
}

static void add_token(struct bench *bench, const char *token)
{
    static const struct hash empty;
    struct hash hash = hash_sha256(bytes_of_text(token));
    size_t at = slot_of(&hash);
    while (!hash_equal(&bench->slots[at], &empty))
        at = (at + 1) % SLOTS;
    bench->slots[at] = hash;
}

static void on_hello(struct http_exchange *exchange, void *state)
{
    struct bench *bench = state;
    http_answer_json(exchange, 200, bytes_of(bench->hello, HELLO_BYTES));
}

static void on_token(struct http_exchange *exchange, void *state)
{
    static const char scheme[] = "Bearer ";
    const char *value = http_header(exchange, "authorization");
    if (value && strncmp(value, scheme, strlen(scheme)) == 0) {
        struct hash hash = hash_sha256(bytes_of_text(value + strlen(scheme)));
        if (is_known(state, &hash)) {
            on_hello(exchange, state);
            return;
        }
    }
    http_answer_problem(exchange, 401, "unknown_token", "a known bearer token is needed");
}

int main(void)
{
    static const struct http_route routes[] = {
        {"GET", "/hello", on_hello, 0},
        {"GET", "/token", on_token, 0},
    };
    static struct bench bench;
    struct http_settings settings = {
        .routes = routes, .route_count = COUNT(routes), .state = &bench};
    struct http_server *server = NULL;
    struct err err = {0};

    int length = snprintf(bench.hello, sizeof bench.hello, "{\"hello\":\"");
    memset(bench.hello + length, 'x', sizeof bench.hello - (size_t)length - 2);
    memcpy(bench.hello + HELLO_BYTES - 2, "\"}", 2);
    for (int i = 0; i < TOKENS; i++) {
        char token[32];
        (void)snprintf(token, sizeof token, "token-%04d", i);
        add_token(&bench, token);
    }
    if (!http_server_open(uv_default_loop(), &settings, &server, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    printf("%d\n", http_server_port(server));
    fflush(stdout);
    return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
