/* pbjson_write: messages to text, straight into the buffer. */
#include "pbjson.h"

#include "hash.h"
#include "json.h"
#include "pbfield.h"
#include "pbpath.h"
#include "pbtime.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct writer {
    struct buffer *text;
    struct pbpath path;
    int depth;
    struct err *err;
};

static bool write_message(struct writer *writer, const ProtobufCMessage *message);

static bool reject(struct writer *writer, const char *reason)
{
    return pbpath_reject(&writer->path, writer->err, "%s", reason);
}

/* The shortest of the given precisions that reads back as the same number. */
static void write_real(struct writer *writer, double real, bool is_float)
{
    if (!isfinite(real)) {
        const char *name = isnan(real) ? "NaN" : real > 0 ? "Infinity" : "-Infinity";
        buffer_format(writer->text, "\"%s\"", name);
        return;
    }
    char text[32];
    for (int digits = is_float ? 6 : 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, real);
        double back = is_float ? (double)strtof(text, NULL) : strtod(text, NULL);
        if (back == real)
            break;
    }
    /* Without a point it would be read back as the integer 0. */
    buffer_add_text(writer->text, real == 0 && signbit(real) ? "-0.0" : text);
}

static bool write_enum(struct writer *writer, const ProtobufCEnumDescriptor *descriptor, int number)
{
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(descriptor, number);
    if (!value)
        return pbpath_reject(&writer->path, writer->err, "no such value: %d", number);
    buffer_format(writer->text, "\"%s\"", value->name);
    return true;
}

static bool write_bytes(struct writer *writer, const ProtobufCBinaryData *data)
{
    buffer_add(writer->text, "\"", 1);
    base64_encode(bytes_of(data->data, data->len), writer->text);
    buffer_add(writer->text, "\"", 1);
    return true;
}

static bool write_number(struct writer *writer, ProtobufCType type, const void *value)
{
    struct buffer *text = writer->text;
    switch (type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        buffer_format(text, "\"%" PRId64 "\"", *(const int64_t *)value);
        return true;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        buffer_format(text, "\"%" PRIu64 "\"", *(const uint64_t *)value);
        return true;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        buffer_format(text, "%" PRIu32, *(const uint32_t *)value);
        return true;
    case PROTOBUF_C_TYPE_FLOAT:
        write_real(writer, (double)*(const float *)value, true);
        return true;
    case PROTOBUF_C_TYPE_DOUBLE:
        write_real(writer, *(const double *)value, false);
        return true;
    case PROTOBUF_C_TYPE_BOOL:
        buffer_add_text(text, *(const protobuf_c_boolean *)value ? "true" : "false");
        return true;
    default:
        buffer_format(text, "%" PRId32, *(const int32_t *)value);
        return true;
    }
}

static bool write_value(struct writer *writer, const ProtobufCFieldDescriptor *field,
                        const void *value)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING: {
        const char *text = *(const char *const *)value;
        return json_write_text(bytes_of_text(text ? text : ""), writer->text)
            || reject(writer, "not UTF-8");
    }
    case PROTOBUF_C_TYPE_BYTES:
        return write_bytes(writer, value);
    case PROTOBUF_C_TYPE_ENUM:
        return write_enum(writer, field->descriptor, *(const int *)value);
    case PROTOBUF_C_TYPE_MESSAGE:
        return write_message(writer, *(const ProtobufCMessage *const *)value);
    default:
        return write_number(writer, field->type, value);
    }
}

static bool write_items(struct writer *writer, const ProtobufCMessage *message,
                        const ProtobufCFieldDescriptor *field)
{
    buffer_add(writer->text, "[", 1);
    for (size_t i = 0; i < pbfield_count(message, field); i++) {
        if (i > 0)
            buffer_add(writer->text, ",", 1);
        size_t before = pbpath_push_index(&writer->path, i);
        if (!write_value(writer, field, pbfield_item(message, field, i)))
            return false;
        pbpath_pop(&writer->path, before);
    }
    buffer_add(writer->text, "]", 1);
    return true;
}

static bool write_field(struct writer *writer, const ProtobufCMessage *message,
                        const ProtobufCFieldDescriptor *field)
{
    char name[PBFIELD_NAME];
    pbfield_json_name(field, name);
    buffer_format(writer->text, "\"%s\":", name);
    size_t before = pbpath_push(&writer->path, field->name);
    bool written = pbfield_map(field) ? reject(writer, "maps are not supported")
        : pbfield_repeated(field)     ? write_items(writer, message, field)
                                      : write_value(writer, field, pbfield_at(message, field));
    pbpath_pop(&writer->path, before);
    return written;
}

static bool write_fields(struct writer *writer, const ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    buffer_add(writer->text, "{", 1);
    bool first = true;
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        if (!pbfield_set(message, field))
            continue;
        if (!first)
            buffer_add(writer->text, ",", 1);
        first = false;
        if (!write_field(writer, message, field))
            return false;
    }
    buffer_add(writer->text, "}", 1);
    return true;
}

static bool write_time(struct writer *writer, const ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    struct pbtime time;
    memcpy(&time.seconds, pbfield_at(message, &descriptor->fields[0]), sizeof time.seconds);
    memcpy(&time.nanos, pbfield_at(message, &descriptor->fields[1]), sizeof time.nanos);
    char text[PBTIME_TEXT];
    bool written = strcmp(descriptor->short_name, "Timestamp") == 0
        ? pbtime_timestamp_write(time, text)
        : pbtime_duration_write(time, text);
    if (!written)
        return reject(writer, "a time out of range");
    buffer_format(writer->text, "\"%s\"", text);
    return true;
}

static bool write_message(struct writer *writer, const ProtobufCMessage *message)
{
    if (!message)
        return reject(writer, "an item is missing");
    if (pbtime_is(message->descriptor->name))
        return write_time(writer, message);
    if (writer->depth == PB_DEPTH_MAX)
        return pbpath_reject(&writer->path, writer->err, "more than %d levels", PB_DEPTH_MAX);
    writer->depth++;
    bool written = write_fields(writer, message);
    writer->depth--;
    return written;
}

bool pbjson_write(const ProtobufCMessage *message, struct buffer *text, struct err *err)
{
    struct writer writer = {.text = text, .err = err};
    size_t before = text->length;
    if (write_message(&writer, message))
        return true;
    text->length = before;
    return err_context(err, "%s", message->descriptor->name);
}
