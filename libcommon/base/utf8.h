/* utf8: is it well-formed? (RFC 3629: no overlong forms, no surrogates, up to U+10FFFF.) */
#pragma once

#include "bytes.h"

/* Length of the character that text begins with, 1 to 4; 0 if it is broken or empty. */
size_t utf8_step(struct bytes text);
bool utf8_valid(struct bytes text);
