/* serve: the witness's two HTTP verbs, until SIGTERM or SIGINT. */
#pragma once

#include "witness.h"

/* Prints one line with the address when it listens. port 0: any. */
bool serve(struct witness *witness, const char *address, int port, struct err *err) MUST_CHECK;
