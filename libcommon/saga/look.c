#include "look.h"

#include "owned.h"
#include "pbcheck.h"
#include "saga.pb-c.h"

enum { body_bytes_max = 256 };

static void message_free(ProtobufCMessage *message)
{
    protobuf_c_message_free_unpacked(message, NULL);
}
DEFINE_OWNED(ProtobufCMessage, message_free)

bool saga_look(struct bytes body, struct uuid *ret_saga, struct err *err)
{
    OWNED(ProtobufCMessage) *message = NULL;
    if (!pbcheck_unpack(&aelp__v1__saga_event__descriptor, body, body_bytes_max, &message, err))
        return err_context(err, "SagaEvent");

    const Aelp__V1__SagaEvent *event = (const Aelp__V1__SagaEvent *)message;
    return uuid_parse(event->saga, ret_saga)
        || err_set(err, ERR_REJECT, "SagaEvent.saga: not a uuid");
}
