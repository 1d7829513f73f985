/* http_status: the phrases of RFC 9110 for the statuses we send. */
#pragma once

/* "Not Found"; a status not in the table gets its class's phrase. */
const char *http_status_phrase(int status);
