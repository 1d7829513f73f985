#include "gate.h"

enum gate_verdict gate_enter(struct gate *gate, struct reply *reply)
{
    struct faults *faults = &gate->faults;
    gate->requests++;
    reply->delay_ms = faults_latency_ms(faults);
    if (faults_strike(faults, FAULT_HANG, false)) {
        reply->fate = REPLY_HELD;
        return GATE_HELD;
    }
    if (faults_strike(faults, FAULT_TOO_MANY, false)) {
        gate->refused++;
        return GATE_TOO_MANY;
    }
    return faults_strike(faults, FAULT_ERROR_BEFORE, false) ? GATE_ERROR : GATE_OPEN;
}

bool gate_leave(struct gate *gate, struct reply *reply)
{
    struct faults *faults = &gate->faults;
    if (faults_strike(faults, FAULT_LOSE_REPLY, false))
        reply->fate = REPLY_DROPPED;
    else if (faults_strike(faults, FAULT_HANG_AFTER, false))
        reply->fate = REPLY_HELD;
    else if (faults_strike(faults, FAULT_TRUNCATE, false))
        reply->fate = REPLY_CUT;
    return faults_strike(faults, FAULT_ERROR_AFTER, false);
}
