/* gate: the faults of services that are only read, and what is counted of them. */
#pragma once

#include "faults.h"
#include "request.h"

struct gate {
    struct faults faults;
    uint64_t requests, refused; /* refused: too many */
};

enum gate_verdict { GATE_OPEN, GATE_HELD, GATE_TOO_MANY, GATE_ERROR };

/* Before anything is looked at; GATE_HELD needs no reply. */
enum gate_verdict gate_enter(struct gate *gate, struct reply *reply);
/* What happens to a reply that is due; true: it becomes a 500 instead. */
bool gate_leave(struct gate *gate, struct reply *reply);
