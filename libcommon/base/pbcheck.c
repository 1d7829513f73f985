/* pbcheck: a walk over the wire form beside the descriptor. It looks at what protobuf-c does not;
 * a field whose wire type is wrong for it is left for protobuf-c to refuse. */
#include "pbcheck.h"

#include "pbpath.h"
#include "utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct walk {
    struct pbpath path;
    int depth;
    struct err *err;
};

static bool check_message(struct walk *walk, const ProtobufCMessageDescriptor *descriptor,
                          struct bytes body);

static bool take(struct bytes *body, size_t length, struct bytes *ret_taken)
{
    if (length > body->length)
        return false;
    *ret_taken = bytes_of(body->data, length);
    *body = bytes_of(body->data + length, body->length - length);
    return true;
}

static bool take_varint(struct bytes *body, uint64_t *ret_number)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        struct bytes byte;
        if (!take(body, 1, &byte))
            return false;
        if (shift < 64)
            number |= (uint64_t)(byte.data[0] & 0x7f) << shift;
        if (byte.data[0] < 0x80) {
            *ret_number = number;
            return true;
        }
    }
    return false;
}

static bool check_enum(struct walk *walk, const ProtobufCFieldDescriptor *field, uint64_t number)
{
    int value = (int)(uint32_t)number;
    return protobuf_c_enum_descriptor_get_value(field->descriptor, value)
        || pbpath_reject(&walk->path, walk->err, "no such value: %d", value);
}

static bool check_packed(struct walk *walk, const ProtobufCFieldDescriptor *field,
                         struct bytes values)
{
    while (values.length > 0) {
        uint64_t number = 0;
        if (!take_varint(&values, &number))
            return pbpath_reject(&walk->path, walk->err, "cut short");
        if (!check_enum(walk, field, number))
            return false;
    }
    return true;
}

static bool check_text(struct walk *walk, struct bytes text)
{
    if (text.length > 0 && memchr(text.data, '\0', text.length))
        return pbpath_reject(&walk->path, walk->err, "contains a NUL");
    return utf8_valid(text) || pbpath_reject(&walk->path, walk->err, "not UTF-8");
}

static bool check_run(struct walk *walk, const ProtobufCFieldDescriptor *field, struct bytes run)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        return check_message(walk, field->descriptor, run);
    case PROTOBUF_C_TYPE_STRING:
        return check_text(walk, run);
    case PROTOBUF_C_TYPE_ENUM:
        return check_packed(walk, field, run);
    default:
        return true;
    }
}

/* One value behind its tag; field is NULL when the descriptor doesn't know it. */
static bool check_value(struct walk *walk, const ProtobufCFieldDescriptor *field,
                        unsigned wire_type, struct bytes *body)
{
    uint64_t number = 0;
    struct bytes run;
    bool whole = false;
    switch (wire_type) {
    case PROTOBUF_C_WIRE_TYPE_VARINT:
        whole = take_varint(body, &number);
        if (whole && field && field->type == PROTOBUF_C_TYPE_ENUM)
            return check_enum(walk, field, number);
        break;
    case PROTOBUF_C_WIRE_TYPE_64BIT:
        whole = take(body, 8, &run);
        break;
    case PROTOBUF_C_WIRE_TYPE_32BIT:
        whole = take(body, 4, &run);
        break;
    case PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED:
        whole = take_varint(body, &number) && take(body, number, &run);
        if (whole && field)
            return check_run(walk, field, run);
        break;
    default:
        return pbpath_reject(&walk->path, walk->err, "wire type %u is not used", wire_type);
    }
    return whole || pbpath_reject(&walk->path, walk->err, "cut short");
}

static bool check_field(struct walk *walk, const ProtobufCMessageDescriptor *descriptor,
                        struct bytes *body)
{
    uint64_t tag = 0;
    if (!take_varint(body, &tag) || tag >> 3 == 0 || tag > UINT32_MAX)
        return pbpath_reject(&walk->path, walk->err, "broken field tag");
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(descriptor, (unsigned)(tag >> 3));
    char number[24];
    if (!field)
        snprintf(number, sizeof number, "#%" PRIu64, tag >> 3);
    size_t before = pbpath_push(&walk->path, field ? field->name : number);
    bool good = check_value(walk, field, tag & 7, body);
    pbpath_pop(&walk->path, before);
    return good;
}

static bool check_message(struct walk *walk, const ProtobufCMessageDescriptor *descriptor,
                          struct bytes body)
{
    if (walk->depth == PB_DEPTH_MAX)
        return pbpath_reject(&walk->path, walk->err, "more than %d levels", PB_DEPTH_MAX);
    walk->depth++;
    while (body.length > 0)
        if (!check_field(walk, descriptor, &body))
            return false;
    walk->depth--;
    return true;
}

bool pbcheck_unpack(const ProtobufCMessageDescriptor *descriptor, struct bytes body,
                    size_t bytes_max, ProtobufCMessage **ret_message, struct err *err)
{
    if (body.length > bytes_max)
        return err_set(err, ERR_REJECT, "%s: %zu bytes, at most %zu", descriptor->name, body.length,
                       bytes_max);
    struct walk walk = {.err = err};
    if (!check_message(&walk, descriptor, body))
        return err_context(err, "%s", descriptor->name);
    ProtobufCMessage *message = protobuf_c_message_unpack(descriptor, NULL, body.length, body.data);
    if (!message)
        return err_set(err, ERR_REJECT, "%s: a field has the wrong wire type", descriptor->name);
    *ret_message = message;
    return true;
}
