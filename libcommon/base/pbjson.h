/* pbjson: protobuf-c messages as proto3 JSON, by reflection.
 *
 * Written: lowerCamelCase names, defaults left out, 64-bit numbers as text, enums by name, bytes in
 * base64, Timestamp and Duration as text, NaN and Infinity as text. Read: the same, and also the
 * .proto's own names, numbers given as text or text as numbers, and enums by number. Refused, as
 * ERR_REJECT with the path: unknown fields, a field given by both names, two members of a oneof,
 * numbers out of range, unknown enum values, more than PB_DEPTH_MAX levels, maps. */
#pragma once

#include "bytes.h"

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

/* Appends; what was appended before a failure is taken back. */
bool pbjson_write(const ProtobufCMessage *message, struct buffer *text, struct err *err) MUST_CHECK;
/* Release the message with protobuf_c_message_free_unpacked(message, NULL). */
bool pbjson_parse(const ProtobufCMessageDescriptor *descriptor, struct bytes text, size_t bytes_max,
                  ProtobufCMessage **ret_message, struct err *err) MUST_CHECK;
/* The same for what is already parsed. */
bool pbjson_read(const ProtobufCMessageDescriptor *descriptor, const json_t *json,
                 ProtobufCMessage **ret_message, struct err *err) MUST_CHECK;
