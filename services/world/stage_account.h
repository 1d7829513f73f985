/* stage_account: the market's Google campaigns as an account. */
#pragma once

#include "stage.h"

/* Fills the stage's places too. */
struct account *stage_make_account(struct stage *stage);
