/* output: stdout, written whole or not at all. */
#pragma once

#include "bytes.h"

bool output_write(struct bytes text, struct err *err) MUST_CHECK;
