/* http_transfer: one try of one call, as curl is told to make it. Internal to this archive. */
#pragma once

#include "http_client.h"

#include <curl/curl.h>

struct http_transfer {
    struct http_call *call;
    CURL *easy; /* while in flight */
    struct curl_slist *headers;
    bool sent; /* the request's bytes may have left */
    bool late; /* they did not, because its deadline had passed */
};

/* True when the call can be made at all; else result says why. */
bool http_transfer_check(struct http_call *call) MUST_CHECK;
/* Ready for curl_multi_add_handle, with an empty result. */
void http_transfer_begin(struct http_transfer *transfer,
                         const struct http_client_settings *settings);
/* Sets outcome, status and text; releases what begin made. */
void http_transfer_end(struct http_transfer *transfer, CURLcode code, const char *host);
