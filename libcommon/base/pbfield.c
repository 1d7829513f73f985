#include "pbfield.h"

#include <stdint.h>
#include <string.h>

size_t pbfield_size(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return 8;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    default: /* 32-bit numbers, bool and enum */
        return 4;
    }
}

const void *pbfield_at(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return (const char *)message + field->offset;
}

bool pbfield_repeated(const ProtobufCFieldDescriptor *field)
{
    return field->label == PROTOBUF_C_LABEL_REPEATED;
}

size_t pbfield_count(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    size_t count;
    memcpy(&count, (const char *)message + field->quantifier_offset, sizeof count);
    return count;
}

const void *pbfield_item(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                         size_t i)
{
    const char *items;
    memcpy(&items, pbfield_at(message, field), sizeof items);
    return items + i * pbfield_size(field);
}

static bool value_set(const ProtobufCFieldDescriptor *field, const void *value)
{
    static const char zero[8] = {0};
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        const char *const *text = value;
        return *text && **text;
    }
    if (field->type == PROTOBUF_C_TYPE_BYTES)
        return ((const ProtobufCBinaryData *)value)->len > 0;
    return memcmp(value, zero, pbfield_size(field)) != 0;
}

bool pbfield_set(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    if (pbfield_repeated(field))
        return pbfield_count(message, field) > 0;
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
        uint32_t chosen;
        memcpy(&chosen, (const char *)message + field->quantifier_offset, sizeof chosen);
        return chosen == field->id;
    }
    return value_set(field, pbfield_at(message, field));
}

bool pbfield_map(const ProtobufCFieldDescriptor *field)
{
    if (field->type != PROTOBUF_C_TYPE_MESSAGE || !pbfield_repeated(field))
        return false;
    const ProtobufCMessageDescriptor *entry = field->descriptor;
    size_t length = strlen(entry->short_name);
    return length > 5 && strcmp(entry->short_name + length - 5, "Entry") == 0
        && entry->n_fields == 2 && strcmp(entry->fields[0].name, "key") == 0
        && strcmp(entry->fields[1].name, "value") == 0;
}

static char upper_of(char letter)
{
    if (letter >= 'a' && letter <= 'z')
        return (char)(letter - 'a' + 'A');
    return letter;
}

void pbfield_json_name(const ProtobufCFieldDescriptor *field, char name[static PBFIELD_NAME])
{
    bool upper = false;
    size_t length = 0;
    for (const char *from = field->name; *from && length < PBFIELD_NAME - 1; from++) {
        char letter = *from;
        if (upper)
            letter = upper_of(letter);
        if (letter != '_')
            name[length++] = letter;
        upper = *from == '_';
    }
    name[length] = '\0';
}
