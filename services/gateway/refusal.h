/* refusal: the ledger's refusals, which are sentences, as problems with a status and a code. */
#pragma once

#include "call.h"

void refusal_unknown(struct call *call); /* there is no such proposal */
/* "field: rule"; one effect's fields are named exactly, several effects' as a whole. */
void refusal_of_proposal(struct call *call, size_t effect_count, const char *sentence);
/* What a person may not do, or not any more. */
void refusal_of_person(struct call *call, const char *sentence);
void refusal_of_cancel(struct call *call, const char *rule);
