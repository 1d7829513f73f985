/* output: stdout, written whole or not at all; and a buffer that its block releases. */
#pragma once

#include "bytes.h"

#define BUFFER __attribute__((cleanup(buffer_done))) struct buffer

bool output_write(struct bytes text, struct err *err) MUST_CHECK;
