#include "handlers.h"

#include "audit_log.h"

#include <string.h>

bool on_proof(struct work *work, struct bytes request, struct buffer *answer, struct err *err)
{
    struct uuid saga;
    char text[UUID_TEXT] = "";
    if (request.length < sizeof text)
        memcpy(text, request.data, request.length);
    if (!uuid_parse(text, &saga))
        return err_set(err, ERR_REJECT, "the request is not the id of a saga");
    return audit_prove(work->db, &saga, answer, err);
}
