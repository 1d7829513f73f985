/* failure: what Google Ads says when it refuses: a GoogleAdsFailure with its errors, each with a
 * category, a code and the path to the field, inside a google.rpc.Status. */
#pragma once

#include "json_writer.h"
#include "mem.h"

enum { FAILURE_PATH_MAX = 8 };

struct failure {
    const char *category; /* "campaignBudgetError" */
    const char *code;     /* "MONEY_AMOUNT_TOO_LARGE" */
    char message[200];
    char trigger[80]; /* the value at fault, or "" */
    int64_t retry_s;  /* of a quotaError: when to come again */
    struct {
        const char *name; /* snake_case */
        int64_t index;    /* -1: not an element of a list */
    } path[FAILURE_PATH_MAX];
    size_t path_count;
};

/* Both return false, so a caller writes `return failure_set(...)`. The path is kept. */
bool failure_set(struct failure *failure, const char *category, const char *code,
                 const char *format, ...) PRINTF_LIKE(4, 5);
/* As failure_set, at one more field below the path, with the value at fault (NULL: none). */
bool failure_at(struct failure *failure, const char *field, const char *trigger,
                const char *category, const char *code, const char *message);
void failure_add_path(struct failure *failure, const char *name, int64_t index);

struct failures {
    struct failure *item;
    size_t count, capacity;
};

void failures_add(struct failures *failures, struct arena *arena, const struct failure *failure);

struct failure_status {
    int http, rpc;    /* 400, 3 */
    const char *name; /* "INVALID_ARGUMENT" */
    const char *message;
};

/* Decided by the first failure. */
struct failure_status failure_status(const struct failure *failure);
/* The value of "error": code, message, status, details. */
void failure_write_error(struct json_writer *writer, const struct failures *failures,
                         const char *version, const char *request_id);
/* The value of "partialFailureError". */
void failure_write_partial(struct json_writer *writer, const struct failures *failures,
                           const char *version, const char *request_id);
