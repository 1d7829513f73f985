/* pbcheck: protobuf from outside. protobuf-c reads any depth, cuts a text at a NUL, and knows
 * neither UTF-8 nor which enum numbers exist; so the bytes are checked before it sees them. */
#pragma once

#include "bytes.h"

#include <protobuf-c/protobuf-c.h>

/* ERR_REJECT names the field. Unknown fields are skipped: a newer sender may add some. Release
 * the message with protobuf_c_message_free_unpacked(message, NULL). */
bool pbcheck_unpack(const ProtobufCMessageDescriptor *descriptor, struct bytes body,
                    size_t bytes_max, ProtobufCMessage **ret_message, struct err *err) MUST_CHECK;
