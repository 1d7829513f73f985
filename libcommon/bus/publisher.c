#include "publisher.h"

#include "bus_nats.h"
#include "mem.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char source[] = "/aelp/outbox";

struct publisher {
    struct bus *bus;
    natsSubscription *answers; /* the connection's */
    char name[BUS_INBOX];
    uint64_t number;
};

bool publisher_open(struct bus *bus, struct publisher **ret_publisher, struct err *err)
{
    char subject[BUS_INBOX + 2];
    struct publisher *publisher = mem_new(sizeof *publisher);
    publisher->bus = bus;
    bus_inbox_name(bus, publisher->name);
    snprintf(subject, sizeof subject, "%s.*", publisher->name);
    if (!bus_subscribe(bus, subject, &publisher->answers, err)) {
        publisher_close(publisher);
        return false;
    }
    *ret_publisher = publisher;
    return true;
}

void publisher_close(struct publisher *publisher)
{
    mem_free(publisher);
}

static natsStatus make(const struct publication *publication, const char *reply, natsMsg **ret_raw)
{
    OWNED(natsMsg) *raw = NULL;
    char type[300];
    snprintf(type, sizeof type, "aelp.%s", publication->subject);
    natsStatus status =
        natsMsg_Create(&raw, publication->subject, reply, (const char *)publication->body.data,
                       (int)publication->body.length);
    if (status == NATS_OK)
        status = natsMsgHeader_Set(raw, "Nats-Msg-Id", publication->id);
    if (status == NATS_OK)
        status = natsMsgHeader_Set(raw, "ce-type", type);
    if (status == NATS_OK)
        status = natsMsgHeader_Set(raw, "ce-source", source);
    if (status == NATS_OK)
        status = natsMsgHeader_Set(raw, "ce-time", publication->time);
    if (status == NATS_OK && publication->traceparent)
        status = natsMsgHeader_Set(raw, "traceparent", publication->traceparent);
    if (status == NATS_OK)
        *ret_raw = TAKE(raw);
    return status;
}

bool publisher_send(struct publisher *publisher, const struct publication *publication,
                    uint64_t *ret_number, struct err *err)
{
    OWNED(natsMsg) *raw = NULL;
    char reply[BUS_INBOX + 24];
    snprintf(reply, sizeof reply, "%s.%llu", publisher->name,
             (unsigned long long)publisher->number + 1);
    natsStatus status = make(publication, reply, &raw);
    if (status == NATS_OK)
        status = natsConnection_PublishMsg(bus_connection(publisher->bus), raw);
    if (!bus_status(status, err, publication->subject))
        return false;
    *ret_number = ++publisher->number;
    return true;
}

void publisher_read(struct bytes text, struct publisher_answer *ret_answer)
{
    /* A stream's name can hold neither quote nor colon, so these are keys. */
    static const char error[] = "\"error\":", sequence[] = "\"seq\":";
    bool refused = memmem(text.data, text.length, error, sizeof error - 1) != NULL;
    ret_answer->stored =
        !refused && memmem(text.data, text.length, sequence, sizeof sequence - 1) != NULL;
    ret_answer->reason[0] = '\0';
    if (!ret_answer->stored)
        snprintf(ret_answer->reason, sizeof ret_answer->reason, "answered: %.*s",
                 (int)(text.length < 140 ? text.length : 140), (const char *)text.data);
}

bool publisher_next(struct publisher *publisher, int64_t wait_ms,
                    struct publisher_answer *ret_answer)
{
    OWNED(natsMsg) *raw = NULL;
    natsStatus status = natsSubscription_NextMsg(&raw, publisher->answers, wait_ms);
    if (status == NATS_NO_RESPONDERS) {
        *ret_answer = (struct publisher_answer){.reason = "no stream keeps this subject"};
        return true;
    }
    if (status != NATS_OK)
        return false;
    const char *subject = natsMsg_GetSubject(raw);
    size_t prefix = strlen(publisher->name);
    assert(strncmp(subject, publisher->name, prefix) == 0);
    publisher_read(bytes_of(natsMsg_GetData(raw), (size_t)natsMsg_GetDataLength(raw)), ret_answer);
    ret_answer->number = strtoull(subject + prefix + 1, NULL, 10);
    return true;
}
