/* api: one request to the gateway, its answer as JSON, its problems on stderr. */
#pragma once

#include "cli.h"
#include "json.h"

struct api_request {
    const char *method, *path;
    const json_t *body;      /* or NULL */
    const char *if_match;    /* content hash in hex, or NULL */
    const char *idempotency; /* or NULL */
};

/* EXIT_DONE with the answer; otherwise what went wrong was said. */
int api_call(struct cli *cli, const struct api_request *request, json_t **ret_answer);
int api_get(struct cli *cli, const char *path, json_t **ret_answer);
/* "0199a1b2" to the whole id. */
enum { API_ID = 37 };
int api_find(struct cli *cli, const char *given, char id[static API_ID]);
/* The proposal itself; `given` may be shortened. */
int api_show(struct cli *cli, const char *given, json_t **ret_proposal);
/* A text member, or "". */
const char *api_text(const json_t *object, const char *name);
int64_t api_int(const json_t *object, const char *name);
