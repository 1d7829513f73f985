#include "publisher.h"

#include "bus_nats.h"
#include "mem.h"

#include <pthread.h>
#include <stdio.h>

static const char source[] = "/aelp/outbox";
static const int64_t pending_max = 4096;

struct publisher {
    struct bus *bus;
    jsCtx *stream;        /* of the connection */
    pthread_mutex_t lock; /* of the rest, which nats.c's thread writes */
    int64_t refused;
    char reason[160]; /* of the last refusal */
};

struct publisher *publisher_new(void)
{
    struct publisher *publisher = mem_new(sizeof *publisher);
    pthread_mutex_init(&publisher->lock, NULL);
    return publisher;
}

static void on_refused(jsCtx *stream, jsPubAckErr *refusal, void *arg)
{
    struct publisher *publisher = arg;
    (void)stream;
    pthread_mutex_lock(&publisher->lock);
    publisher->refused++;
    snprintf(publisher->reason, sizeof publisher->reason, "%s",
             refusal->ErrText ? refusal->ErrText : natsStatus_GetText(refusal->Err));
    pthread_mutex_unlock(&publisher->lock);
}

/* Answers "were any refused since the last call", and why the last one was. */
static bool take_refusals(struct publisher *publisher, struct err *err)
{
    pthread_mutex_lock(&publisher->lock);
    bool any = publisher->refused > 0;
    if (any)
        err_set(err, ERR_RETRY, "%s", publisher->reason);
    publisher->refused = 0;
    pthread_mutex_unlock(&publisher->lock);
    return any;
}

bool publisher_attach(struct publisher *publisher, struct bus *bus, struct err *err)
{
    struct err ignored;
    jsOptions options;
    jsCtx_Destroy(publisher->stream);
    publisher->stream = NULL;
    publisher->bus = bus;
    (void)take_refusals(publisher, &ignored); /* of the old connection */
    natsStatus status = jsOptions_Init(&options);
    if (status == NATS_OK) {
        options.PublishAsync.MaxPending = pending_max;
        options.PublishAsync.ErrHandler = on_refused;
        options.PublishAsync.ErrHandlerClosure = publisher;
        status = natsConnection_JetStream(&publisher->stream, bus_connection(bus), &options);
    }
    return bus_status(status, err, "jetstream");
}

static natsStatus make(const struct publication *publication, natsMsg **ret_raw,
                       jsPubOptions *ret_options)
{
    OWNED(natsMsg) *raw = NULL;
    char type[300];
    snprintf(type, sizeof type, "aelp.%s", publication->subject);
    natsStatus status =
        natsMsg_Create(&raw, publication->subject, NULL, (const char *)publication->body.data,
                       (int)publication->body.length);
    if (status == NATS_OK)
        status = natsMsgHeader_Set(raw, "ce-type", type);
    if (status == NATS_OK)
        status = natsMsgHeader_Set(raw, "ce-source", source);
    if (status == NATS_OK)
        status = natsMsgHeader_Set(raw, "ce-time", publication->time);
    if (status == NATS_OK && publication->traceparent)
        status = natsMsgHeader_Set(raw, "traceparent", publication->traceparent);
    if (status == NATS_OK)
        status = jsPubOptions_Init(ret_options);
    if (status == NATS_OK) {
        ret_options->MsgId = publication->id;
        *ret_raw = TAKE(raw);
    }
    return status;
}

bool publisher_send(struct publisher *publisher, const struct publication *publication,
                    struct err *err)
{
    OWNED(natsMsg) *raw = NULL;
    jsPubOptions options;
    natsStatus status = make(publication, &raw, &options);
    if (status == NATS_OK)
        status = js_PublishMsgAsync(publisher->stream, &raw, &options);
    return bus_status(status, err, publication->subject);
}

bool publisher_wait(struct publisher *publisher, int64_t wait_ms, struct err *err)
{
    jsPubOptions options;
    natsStatus status = jsPubOptions_Init(&options);
    if (status == NATS_OK) {
        options.MaxWait = wait_ms;
        status = js_PublishAsyncComplete(publisher->stream, &options);
    }
    if (take_refusals(publisher, err))
        return false;
    return bus_status(status, err, "jetstream's answers");
}

bool publisher_send_one(struct publisher *publisher, const struct publication *publication,
                        struct err *err)
{
    OWNED(natsMsg) *raw = NULL;
    jsPubOptions options;
    natsStatus status = make(publication, &raw, &options);
    if (status == NATS_OK)
        status = js_PublishMsg(NULL, publisher->stream, raw, &options, NULL);
    return bus_status(status, err, publication->subject);
}
