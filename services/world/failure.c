#include "failure.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A NULL code stands for the category's others; the last row for all the rest. */
static const struct {
    const char *category, *code;
    struct failure_status status;
} statuses[] = {
    {"authenticationError",
     NULL,                        {401, 16, "UNAUTHENTICATED",
      "Request had invalid authentication credentials. Expected OAuth 2 access token."}                   },
    {"authorizationError",
     NULL,                        {403, 7, "PERMISSION_DENIED", "The caller does not have permission"}              },
    {"databaseError",
     "CONCURRENT_MODIFICATION",   {409, 10, "ABORTED", "The operation was aborted."}                                },
    {"quotaError",
     NULL,                        {429, 8, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."} },
    {"internalError",
     "TRANSIENT_ERROR",           {503, 14, "UNAVAILABLE", "The service is currently unavailable."}                 },
    {"internalError",
     "DEADLINE_EXCEEDED",         {504, 4, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."}},
    {"internalError",       NULL, {500, 13, "INTERNAL", "Internal error encountered."}                              },
    {NULL,                  NULL, {400, 3, "INVALID_ARGUMENT", "Request contains an invalid argument."}             },
};

bool failure_set(struct failure *failure, const char *category, const char *code,
                 const char *format, ...)
{
    failure->category = category;
    failure->code = code;
    va_list args;
    va_start(args, format);
    vsnprintf(failure->message, sizeof failure->message, format, args);
    va_end(args);
    return false;
}

bool failure_at(struct failure *failure, const char *field, const char *trigger,
                const char *category, const char *code, const char *message)
{
    failure_add_path(failure, field, -1);
    if (trigger)
        snprintf(failure->trigger, sizeof failure->trigger, "%s", trigger);
    return failure_set(failure, category, code, "%s", message);
}

void failure_add_path(struct failure *failure, const char *name, int64_t index)
{
    assert(failure->path_count < FAILURE_PATH_MAX);
    failure->path[failure->path_count].name = name;
    failure->path[failure->path_count++].index = index;
}

void failures_add(struct failures *failures, struct arena *arena, const struct failure *failure)
{
    if (failures->count == failures->capacity) {
        size_t capacity = failures->capacity ? failures->capacity * 2 : 4;
        struct failure *grown = arena_array(arena, capacity, sizeof *grown);
        if (failures->count)
            memcpy(grown, failures->item, failures->count * sizeof *grown);
        failures->item = grown;
        failures->capacity = capacity;
    }
    failures->item[failures->count++] = *failure;
}

struct failure_status failure_status(const struct failure *failure)
{
    size_t i = 0;
    for (; statuses[i].category; i++)
        if (strcmp(statuses[i].category, failure->category) == 0
            && (!statuses[i].code || strcmp(statuses[i].code, failure->code) == 0))
            break;
    return statuses[i].status;
}

static void write_location(struct json_writer *writer, const struct failure *failure)
{
    writer_key(writer, "location");
    writer_open(writer, '{');
    writer_key(writer, "fieldPathElements");
    writer_open(writer, '[');
    for (size_t i = 0; i < failure->path_count; i++) {
        writer_open(writer, '{');
        writer_key(writer, "fieldName");
        writer_text(writer, failure->path[i].name);
        if (failure->path[i].index >= 0) {
            writer_key(writer, "index");
            writer_number(writer, failure->path[i].index);
        }
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
    writer_close(writer, '}');
}

static void write_quota(struct json_writer *writer, const struct failure *failure)
{
    bool of_day = strcmp(failure->code, "RESOURCE_EXHAUSTED") == 0;
    char delay[32];
    snprintf(delay, sizeof delay, "%llds", (long long)failure->retry_s);
    writer_key(writer, "details");
    writer_open(writer, '{');
    writer_key(writer, "quotaErrorDetails");
    writer_open(writer, '{');
    writer_key(writer, "rateScope");
    writer_text(writer, of_day ? "DEVELOPER" : "ACCOUNT");
    writer_key(writer, "rateName");
    writer_text(writer, of_day ? "Operations per day" : "Requests per account");
    writer_key(writer, "retryDelay");
    writer_text(writer, delay);
    writer_close(writer, '}');
    writer_close(writer, '}');
}

static void write_failure(struct json_writer *writer, const struct failure *failure)
{
    writer_open(writer, '{');
    writer_key(writer, "errorCode");
    writer_open(writer, '{');
    writer_key(writer, failure->category);
    writer_text(writer, failure->code);
    writer_close(writer, '}');
    writer_key(writer, "message");
    writer_text(writer, failure->message);
    if (failure->trigger[0]) {
        writer_key(writer, "trigger");
        writer_open(writer, '{');
        writer_key(writer, "stringValue");
        writer_text(writer, failure->trigger);
        writer_close(writer, '}');
    }
    if (failure->path_count)
        write_location(writer, failure);
    if (strcmp(failure->category, "quotaError") == 0)
        write_quota(writer, failure);
    writer_close(writer, '}');
}

static void write_details(struct json_writer *writer, const struct failures *failures,
                          const char *version, const char *request_id)
{
    char type[96];
    snprintf(type, sizeof type,
             "type.googleapis.com/google.ads.googleads.%s.errors.GoogleAdsFailure", version);
    writer_key(writer, "details");
    writer_open(writer, '[');
    writer_open(writer, '{');
    writer_key(writer, "@type");
    writer_text(writer, type);
    writer_key(writer, "errors");
    writer_open(writer, '[');
    for (size_t i = 0; i < failures->count; i++)
        write_failure(writer, &failures->item[i]);
    writer_close(writer, ']');
    writer_key(writer, "requestId");
    writer_text(writer, request_id);
    writer_close(writer, '}');
    writer_close(writer, ']');
}

void failure_write_error(struct json_writer *writer, const struct failures *failures,
                         const char *version, const char *request_id)
{
    assert(failures->count > 0);
    struct failure_status status = failure_status(&failures->item[0]);
    writer_open(writer, '{');
    writer_key(writer, "code");
    writer_number(writer, status.http);
    writer_key(writer, "message");
    writer_text(writer, status.message);
    writer_key(writer, "status");
    writer_text(writer, status.name);
    write_details(writer, failures, version, request_id);
    writer_close(writer, '}');
}

void failure_write_partial(struct json_writer *writer, const struct failures *failures,
                           const char *version, const char *request_id)
{
    assert(failures->count > 0);
    writer_open(writer, '{');
    writer_key(writer, "code");
    writer_number(writer, failure_status(&failures->item[0]).rpc);
    writer_key(writer, "message");
    writer_text(writer,
                failures->count == 1 ? failures->item[0].message : "Multiple errors in 'details'.");
    write_details(writer, failures, version, request_id);
    writer_close(writer, '}');
}
