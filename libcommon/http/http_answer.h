/* http_answer: what plain and streamed answers share. Internal to this archive. */
#pragma once

#include "http_connection.h"

enum http_framing {
    HTTP_FRAMING_LENGTH,
    HTTP_FRAMING_CHUNKED,
    HTTP_FRAMING_CLOSE, /* HTTP/1.0: the body ends with the connection */
};

void http_answer_add_head(struct http_exchange *exchange, const struct http_answer *answer,
                          enum http_framing framing);
