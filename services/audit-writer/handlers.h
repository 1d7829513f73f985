/* handlers: what others may ask of audit-writer. */
#pragma once

#include "service.h"

/* The id of a saga as text → the proof file of all its leaves, for anyone to check. */
bool on_proof(struct work *work, struct bytes request, struct buffer *answer, struct err *err);
