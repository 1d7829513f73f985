/* cosigner: asks the witness to cosign a checkpoint, over HTTP (C2SP tlog-witness). */
#pragma once

#include "http_client.h"
#include "note.h"
#include "path.h"

struct cosigner {
    struct http_client *client; /* owned */
    char url[512];
    struct note_key key;
    uint64_t size; /* what the witness holds, as far as we know; 0: ask */
};

bool cosigner_open(struct cosigner *cosigner, const char *url, const char *vkey,
                   struct err *err) MUST_CHECK;
void cosigner_close(struct cosigner *cosigner);
/* Appends the witness's signature lines to `note`, a signed checkpoint of `size` leaves. When the
 * witness holds another tree than we thought, proves from that one and asks again. */
bool cosigner_ask(struct cosigner *cosigner, const struct path_tiles *tiles, uint64_t size,
                  struct buffer *note, struct err *err) MUST_CHECK;
