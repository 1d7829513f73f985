/* look: which saga a message speaks of. It says where to look, never what is there. */
#pragma once

#include "bytes.h"
#include "uuid.h"

/* ERR_REJECT when the bytes are not an aelp.v1.SagaEvent. */
bool saga_look(struct bytes body, struct uuid *ret_saga, struct err *err) MUST_CHECK;
