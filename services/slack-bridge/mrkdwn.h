/* mrkdwn: other people's text, made fit for Slack. Pure.
 *
 * Slack reads & < > as its own, and counts characters, not bytes. */
#pragma once

#include "bytes.h"

/* Appends text with & < > escaped, cut between characters so that at most chars_max are added; a
 * cut text ends in "…". Bytes that are no UTF-8 become "?". */
void mrkdwn_add(struct buffer *out, const char *text, size_t chars_max);
