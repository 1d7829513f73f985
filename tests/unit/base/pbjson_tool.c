/* pbjson_tool: lets a node test compare us with another library, line by line: "json <text>" is
 * answered "wire <hex>", "wire <hex>" is answered "json <text>", and what is refused "error ...".
 */
#include "every.pb-c.h"
#include "hash.h"
#include "mem.h"
#include "pbcheck.h"
#include "pbjson.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void answer_wire(const char *text, struct err *err)
{
    ProtobufCMessage *message = NULL;
    if (!pbjson_parse(&test__every__descriptor, bytes_of_text(text), 100000, &message, err))
        return;
    size_t length = protobuf_c_message_get_packed_size(message);
    uint8_t *wire = mem_new(length);
    protobuf_c_message_pack(message, wire);
    char *hex = mem_new(2 * length + 1);
    hex_encode(bytes_of(wire, length), hex);
    printf("wire %s\n", hex);
    mem_free(hex);
    mem_free(wire);
    protobuf_c_message_free_unpacked(message, NULL);
}

static void answer_json(const char *hex, struct err *err)
{
    size_t length = strlen(hex) / 2;
    uint8_t *wire = mem_new(length);
    ProtobufCMessage *message = NULL;
    struct buffer text = {0};
    if (!hex_decode(hex, wire, length))
        err_set(err, ERR_REJECT, "not hex");
    else if (pbcheck_unpack(&test__every__descriptor, bytes_of(wire, length), 100000, &message, err)
             && pbjson_write(message, &text, err))
        printf("json %s\n", (const char *)text.data);
    buffer_done(&text);
    protobuf_c_message_free_unpacked(message, NULL);
    mem_free(wire);
}

int main(void)
{
    static char line[200000];
    while (fgets(line, sizeof line, stdin)) {
        struct err err = {0};
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "json ", 5) == 0)
            answer_wire(line + 5, &err);
        else if (strncmp(line, "wire ", 5) == 0)
            answer_json(line + 5, &err);
        if (err.kind != ERR_NONE)
            printf("error %s\n", err.text);
        fflush(stdout);
    }
    return 0;
}
