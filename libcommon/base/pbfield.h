/* pbfield: a message's members seen through its descriptor. Only proto3 as protoc-c 1.4 makes it:
 * no has_ flags, presence by value or by oneof. */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

/* Of one value: a pointer for text and messages, ProtobufCBinaryData for bytes. */
size_t pbfield_size(const ProtobufCFieldDescriptor *field);
/* Differs from what an untouched message has; a oneof's member counts when it is the chosen one. */
bool pbfield_set(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);
bool pbfield_repeated(const ProtobufCFieldDescriptor *field);
/* protobuf-c keeps a map as repeated entries and doesn't say so; protoc's naming does. */
bool pbfield_map(const ProtobufCFieldDescriptor *field);
/* How many values a repeated field has, and where the i-th is. */
size_t pbfield_count(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);
const void *pbfield_item(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                         size_t i);
const void *pbfield_at(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);
/* "daily_micros" -> "dailyMicros"; a longer name is cut. */
enum { PBFIELD_NAME = 80 };
void pbfield_json_name(const ProtobufCFieldDescriptor *field, char name[static PBFIELD_NAME]);
