/* pbjson_read: JSON to messages. A message under construction is always one that protobuf-c can
 * release: members are zero until read, and a repeated field's items are zero until read. */
#include "pbjson.h"

#include "hash.h"
#include "json.h"
#include "mem.h"
#include "pbfield.h"
#include "pbpath.h"
#include "pbtime.h"

#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct pbpath path;
    int depth;
    struct err *err;
};

static bool read_message(struct reader *reader, const json_t *json, ProtobufCMessage *message);

static bool reject(struct reader *reader, const char *reason)
{
    return pbpath_reject(&reader->path, reader->err, "%s", reason);
}

/* A whole number as sign and size, so that both 64-bit types fit. */
struct whole {
    bool negative;
    uint64_t size;
};

static bool whole_of_text(const char *text, struct whole *ret_whole)
{
    bool negative = *text == '-';
    const char *digits = text + negative;
    if (*digits < '0' || *digits > '9')
        return false;
    char *end = NULL;
    errno = 0;
    uint64_t size = strtoull(digits, &end, 10);
    *ret_whole = (struct whole){negative && size > 0, size};
    return *end == '\0' && errno == 0;
}

static bool whole_of(const json_t *json, struct whole *ret_whole)
{
    static const double exact_max = 9007199254740992.0; /* 2^53 */
    if (json_is_string(json))
        return whole_of_text(json_string_value(json), ret_whole);
    if (json_is_integer(json)) {
        int64_t number = json_integer_value(json);
        *ret_whole = (struct whole){number < 0, number < 0 ? -(uint64_t)number : (uint64_t)number};
        return true;
    }
    double real = json_real_value(json);
    if (!json_is_real(json) || fabs(real) > exact_max || real != trunc(real))
        return false;
    *ret_whole = (struct whole){real < 0, (uint64_t)fabs(real)};
    return true;
}

static bool read_signed(struct reader *reader, const json_t *json, int64_t max, int64_t *ret_number)
{
    struct whole whole;
    if (!whole_of(json, &whole))
        return reject(reader, "must be a whole number");
    if (whole.size > (uint64_t)max + whole.negative)
        return pbpath_reject(&reader->path, reader->err,
                             "%s%" PRIu64 " is not in %" PRId64 "..%" PRId64,
                             whole.negative ? "-" : "", whole.size, -max - 1, max);
    *ret_number = (int64_t)(whole.negative ? -whole.size : whole.size);
    return true;
}

static bool read_unsigned(struct reader *reader, const json_t *json, uint64_t max,
                          uint64_t *ret_number)
{
    struct whole whole;
    if (!whole_of(json, &whole))
        return reject(reader, "must be a whole number");
    if (whole.negative || whole.size > max)
        return pbpath_reject(&reader->path, reader->err, "%s%" PRIu64 " is not in 0..%" PRIu64,
                             whole.negative ? "-" : "", whole.size, max);
    *ret_number = whole.size;
    return true;
}

/* The last that rounds to FLT_MAX: the shortest text of FLT_MAX lies a little above it. */
static const double float_max = 0x1.fffffefffffffp127;

static bool real_of_text(const char *text, double *ret_real)
{
    if (strcmp(text, "NaN") == 0)
        *ret_real = (double)NAN;
    else if (strcmp(text, "Infinity") == 0)
        *ret_real = (double)INFINITY;
    else if (strcmp(text, "-Infinity") == 0)
        *ret_real = (double)-INFINITY;
    else {
        if (text[0] == '\0' || strspn(text, "0123456789+-.eE") != strlen(text))
            return false;
        char *end = NULL;
        *ret_real = strtod(text, &end);
        return *end == '\0' && isfinite(*ret_real);
    }
    return true;
}

static bool read_real(struct reader *reader, const json_t *json, double max, double *ret_real)
{
    double real = json_number_value(json);
    if (json_is_string(json) ? !real_of_text(json_string_value(json), &real)
                             : !json_is_number(json))
        return reject(reader, "must be a number");
    if (isfinite(real) && fabs(real) > max)
        return reject(reader, "too large for a float");
    *ret_real = real;
    return true;
}

static bool read_enum(struct reader *reader, const json_t *json,
                      const ProtobufCEnumDescriptor *descriptor, int *ret_number)
{
    const ProtobufCEnumValue *value = NULL;
    if (json_is_string(json))
        value = protobuf_c_enum_descriptor_get_value_by_name(descriptor, json_string_value(json));
    else if (json_is_integer(json) && json_integer_value(json) >= INT32_MIN
             && json_integer_value(json) <= INT32_MAX)
        value = protobuf_c_enum_descriptor_get_value(descriptor, (int)json_integer_value(json));
    if (!value)
        return pbpath_reject(&reader->path, reader->err, "not a value of %s", descriptor->name);
    *ret_number = value->value;
    return true;
}

static bool read_bytes(struct reader *reader, const json_t *json, ProtobufCBinaryData *ret_data)
{
    struct bytes text = bytes_of(json_string_value(json), json_string_length(json));
    struct buffer data = {0};
    if (!json_is_string(json) || !base64_decode(text, &data)) {
        buffer_done(&data);
        return reject(reader, "must be base64 with padding");
    }
    *ret_data = (ProtobufCBinaryData){data.length, data.data};
    return true;
}

static bool read_text(struct reader *reader, const json_t *json, char **ret_text)
{
    if (!json_is_string(json))
        return reject(reader, "must be a text");
    *ret_text = mem_text(json_string_value(json));
    return true;
}

static bool read_bool(struct reader *reader, const json_t *json, protobuf_c_boolean *ret_flag)
{
    if (!json_is_boolean(json))
        return reject(reader, "must be true or false");
    *ret_flag = json_is_true(json);
    return true;
}

static bool read_child(struct reader *reader, const json_t *json,
                       const ProtobufCMessageDescriptor *descriptor, ProtobufCMessage **ret_child)
{
    *ret_child = mem_new(descriptor->sizeof_message);
    protobuf_c_message_init(descriptor, *ret_child);
    return read_message(reader, json, *ret_child);
}

static bool read_number(struct reader *reader, const json_t *json, ProtobufCType type, void *value)
{
    int64_t whole = 0;
    uint64_t size = 0;
    double real = 0;
    switch (type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return read_signed(reader, json, INT64_MAX, value);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return read_unsigned(reader, json, UINT64_MAX, value);
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        if (!read_unsigned(reader, json, UINT32_MAX, &size))
            return false;
        *(uint32_t *)value = (uint32_t)size;
        return true;
    case PROTOBUF_C_TYPE_FLOAT:
        if (!read_real(reader, json, float_max, &real))
            return false;
        *(float *)value = (float)real;
        return true;
    case PROTOBUF_C_TYPE_DOUBLE:
        return read_real(reader, json, DBL_MAX, value);
    default:
        if (!read_signed(reader, json, INT32_MAX, &whole))
            return false;
        *(int32_t *)value = (int32_t)whole;
        return true;
    }
}

static bool read_value(struct reader *reader, const json_t *json,
                       const ProtobufCFieldDescriptor *field, void *value)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return read_text(reader, json, value);
    case PROTOBUF_C_TYPE_BYTES:
        return read_bytes(reader, json, value);
    case PROTOBUF_C_TYPE_BOOL:
        return read_bool(reader, json, value);
    case PROTOBUF_C_TYPE_ENUM:
        return read_enum(reader, json, field->descriptor, value);
    case PROTOBUF_C_TYPE_MESSAGE:
        return read_child(reader, json, field->descriptor, value);
    default:
        return read_number(reader, json, field->type, value);
    }
}

static bool read_items(struct reader *reader, const json_t *json,
                       const ProtobufCFieldDescriptor *field, ProtobufCMessage *message)
{
    if (!json_is_array(json))
        return reject(reader, "must be an array");
    size_t count = json_array_size(json), size = pbfield_size(field);
    if (count == 0)
        return true;
    char *items = mem_array(count, size);
    memcpy((char *)message + field->offset, &items, sizeof items);
    memcpy((char *)message + field->quantifier_offset, &count, sizeof count);
    for (size_t i = 0; i < count; i++) {
        size_t before = pbpath_push_index(&reader->path, i);
        if (!read_value(reader, json_array_get(json, i), field, items + i * size))
            return false;
        pbpath_pop(&reader->path, before);
    }
    return true;
}

static bool read_field(struct reader *reader, const json_t *json,
                       const ProtobufCFieldDescriptor *field, ProtobufCMessage *message)
{
    if (pbfield_map(field))
        return reject(reader, "maps are not supported");
    if (pbfield_repeated(field))
        return read_items(reader, json, field, message);
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
        char *chosen = (char *)message + field->quantifier_offset;
        uint32_t id;
        memcpy(&id, chosen, sizeof id);
        if (id != 0)
            return reject(reader, "another member of its oneof is given too");
        memcpy(chosen, &field->id, sizeof field->id);
    }
    return read_value(reader, json, field, (char *)message + field->offset);
}

/* The member by either name; *found counts what was taken from the object. */
static bool find_member(struct reader *reader, const json_t *object,
                        const ProtobufCFieldDescriptor *field, size_t *found, json_t **ret_member)
{
    char name[PBFIELD_NAME];
    pbfield_json_name(field, name);
    json_t *camel = json_object_get(object, name);
    json_t *own = strcmp(name, field->name) == 0 ? NULL : json_object_get(object, field->name);
    if (camel && own)
        return pbpath_reject(&reader->path, reader->err, "%s and %s are the same field", name,
                             field->name);
    *ret_member = camel ? camel : own;
    *found += *ret_member != NULL;
    return true;
}

static bool is_field(const ProtobufCMessageDescriptor *descriptor, const char *key)
{
    char name[PBFIELD_NAME];
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        pbfield_json_name(&descriptor->fields[i], name);
        if (strcmp(name, key) == 0 || strcmp(descriptor->fields[i].name, key) == 0)
            return true;
    }
    return false;
}

static bool reject_unknown(struct reader *reader, const json_t *object,
                           const ProtobufCMessageDescriptor *descriptor)
{
    void *at = json_object_iter((json_t *)(uintptr_t)object);
    while (is_field(descriptor, json_object_iter_key(at)))
        at = json_object_iter_next((json_t *)(uintptr_t)object, at);
    pbpath_push(&reader->path, json_object_iter_key(at));
    return reject(reader, "unknown field");
}

static bool read_fields(struct reader *reader, const json_t *object, ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    size_t found = 0;
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        json_t *member = NULL;
        if (!find_member(reader, object, field, &found, &member))
            return false;
        if (!member || json_is_null(member))
            continue;
        size_t before = pbpath_push(&reader->path, field->name);
        if (!read_field(reader, member, field, message))
            return false;
        pbpath_pop(&reader->path, before);
    }
    return found == json_object_size(object) || reject_unknown(reader, object, descriptor);
}

static bool read_time(struct reader *reader, const json_t *json, ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    bool timestamp = strcmp(descriptor->short_name, "Timestamp") == 0;
    const char *text = json_is_string(json) ? json_string_value(json) : "";
    struct pbtime time;
    if (timestamp && !pbtime_timestamp_read(text, &time))
        return reject(reader, "must be a time such as 2026-11-20T10:00:00Z");
    if (!timestamp && !pbtime_duration_read(text, &time))
        return reject(reader, "must be a duration such as 3.5s");
    memcpy((char *)message + descriptor->fields[0].offset, &time.seconds, sizeof time.seconds);
    memcpy((char *)message + descriptor->fields[1].offset, &time.nanos, sizeof time.nanos);
    return true;
}

static bool read_message(struct reader *reader, const json_t *json, ProtobufCMessage *message)
{
    if (pbtime_is(message->descriptor->name))
        return read_time(reader, json, message);
    if (!json_is_object(json))
        return reject(reader, "must be an object");
    if (reader->depth == PB_DEPTH_MAX)
        return pbpath_reject(&reader->path, reader->err, "more than %d levels", PB_DEPTH_MAX);
    reader->depth++;
    bool read = read_fields(reader, json, message);
    reader->depth--;
    return read;
}

bool pbjson_read(const ProtobufCMessageDescriptor *descriptor, const json_t *json,
                 ProtobufCMessage **ret_message, struct err *err)
{
    struct reader reader = {.err = err};
    ProtobufCMessage *message = NULL;
    if (!read_child(&reader, json, descriptor, &message)) {
        protobuf_c_message_free_unpacked(message, NULL);
        return err_context(err, "%s", descriptor->name);
    }
    *ret_message = message;
    return true;
}

bool pbjson_parse(const ProtobufCMessageDescriptor *descriptor, struct bytes text, size_t bytes_max,
                  ProtobufCMessage **ret_message, struct err *err)
{
    OWNED(json_t) *json = NULL;
    if (!json_parse(text, bytes_max, &json, err))
        return err_context(err, "%s", descriptor->name);
    return pbjson_read(descriptor, json, ret_message, err);
}
