/* slack_blocks: Block Kit's limits, so that a message Slack would refuse is refused here too. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { SLACK_MESSAGE_BLOCKS_MAX = 50, SLACK_VIEW_BLOCKS_MAX = 100, SLACK_WHY_TEXT = 240 };

/* False: why has Slack's words, with a JSON pointer. */
bool slack_blocks_check(const json_t *blocks, size_t count_max, char why[static SLACK_WHY_TEXT]);
/* Characters, not bytes. */
size_t slack_text_length(const char *text);
