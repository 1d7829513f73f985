/* Whatever bytes a message carries, the handlers' first step reads them or refuses them. */
#include "look.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct uuid saga, again;
    struct err err = {0};
    if (!saga_look(bytes_of(data, size), &saga, &err)) {
        assert(err.kind == ERR_REJECT && err.text[0]);
        return 0;
    }
    /* What is accepted names a saga in its one canonical form. */
    char text[UUID_TEXT];
    uuid_text(&saga, text);
    assert(uuid_parse(text, &again) && uuid_equal(&saga, &again));
    return 0;
}
