/* Outside bytes as protobuf and as JSON: whatever is accepted must survive the way to the other
 * form and back unchanged. */
#include "every.pb-c.h"
#include "mem.h"
#include "pbcheck.h"
#include "pbjson.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

static void there_and_back(ProtobufCMessage *message)
{
    struct err err = {0};
    struct buffer text = {0}, again = {0};
    if (pbjson_write(message, &text, &err)) {
        ProtobufCMessage *copy = NULL;
        must(pbjson_parse(&test__every__descriptor, buffer_view(&text), 1 << 20, &copy, &err));
        must(pbjson_write(copy, &again, &err));
        must(bytes_equal(buffer_view(&text), buffer_view(&again)));
        protobuf_c_message_free_unpacked(copy, NULL);
    }
    buffer_done(&again);
    buffer_done(&text);
}

/* The first byte chooses the form. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct err err = {0};
    struct bytes body = bytes_of(data + 1, size - 1);
    ProtobufCMessage *message = NULL;
    bool read = data[0] & 1 ? pbjson_parse(&test__every__descriptor, body, 65536, &message, &err)
                            : pbcheck_unpack(&test__every__descriptor, body, 65536, &message, &err);
    must(read == (err.kind == ERR_NONE));
    if (read)
        there_and_back(message);
    protobuf_c_message_free_unpacked(message, NULL);
    return 0;
}
