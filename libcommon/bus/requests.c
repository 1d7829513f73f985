#include "requests.h"

#include "bus_nats.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char queue_group[] = "q"; /* as micro_answer says */
enum { pending_max = 256, pending_bytes_max = 4 << 20, why_max = 200 };

bool requests_open(struct bus *bus, const char *filter, struct bus_ear **ret_ear, struct err *err)
{
    return bus_listen_in_queue(bus, filter, queue_group, pending_max, pending_bytes_max, ret_ear,
                               err);
}

bool request_next(struct bus *bus, struct bus_ear *ear, int64_t wait_ms,
                  struct request *ret_request)
{
    natsMsg *message = bus_hear_message(ear, wait_ms);
    if (!message)
        return false;
    struct request request = {.message = message};
    const char *subject = natsMsg_GetSubject(message);
    request.body = bytes_of(natsMsg_GetData(message), (size_t)natsMsg_GetDataLength(message));
    int length = snprintf(request.subject, sizeof request.subject, "%s", subject);
    bool whole = length < (int)sizeof request.subject && request.body.length <= REQUEST_BYTES_MAX;
    if (!whole)
        request_refuse(bus, &request, 400, "larger than a request may be");
    if (!whole || !natsMsg_GetReply(message)) {
        request_done(&request);
        return false;
    }
    *ret_request = request;
    return true;
}

static void reply(struct bus *bus, natsMsg *answer)
{
    if (bus_alive(bus))
        (void)natsConnection_PublishMsg(bus_connection(bus), answer); /* or lost */
}

void request_answer(struct bus *bus, const struct request *request, struct bytes answer)
{
    OWNED(natsMsg) *message = NULL;
    assert(request->message);
    if (answer.length > ANSWER_BYTES_MAX) {
        request_refuse(bus, request, 500, "the answer is larger than an answer may be");
        return;
    }
    if (natsMsg_Create(&message, natsMsg_GetReply(request->message), NULL,
                       (const char *)answer.data, (int)answer.length)
        == NATS_OK)
        reply(bus, message);
}

void request_refuse(struct bus *bus, const struct request *request, int code, const char *why)
{
    OWNED(natsMsg) *message = NULL;
    char code_text[12], line[why_max];
    const char *to = natsMsg_GetReply(request->message);
    snprintf(code_text, sizeof code_text, "%d", code);
    snprintf(line, sizeof line, "%s", why);
    for (char *at = line; (at = strpbrk(at, "\r\n"));) /* a header is one line */
        *at = ' ';
    if (to && natsMsg_Create(&message, to, NULL, NULL, 0) == NATS_OK
        && natsMsgHeader_Set(message, "Nats-Service-Error", line) == NATS_OK
        && natsMsgHeader_Set(message, "Nats-Service-Error-Code", code_text) == NATS_OK)
        reply(bus, message);
}

void request_done(struct request *request)
{
    natsMsg_Destroy(request->message);
    request->message = NULL;
}
