/* An approved saga becomes a task; the runner, which the frame wakes after the commit, does the
 * slow part. */
#include "budget_publisher.h"

#include "look.h"
#include "store.h"

static bool add_tasks(struct work *work, const struct batch *batch, const char *state,
                      const char *step, struct err *err)
{
    struct uuid *sagas = arena_array(work->arena, batch->count, sizeof *sagas);
    for (size_t i = 0; i < batch->count; i++)
        if (!saga_look(batch->message[i].body, &sagas[i], err))
            return false;
    return store_add_tasks(work->db, sagas, batch->count, state, step, err);
}

bool on_approved(struct work *work, const struct batch *batch, struct err *err)
{
    return add_tasks(work, batch, "approved", "execute", err);
}

bool on_rolling_back(struct work *work, const struct batch *batch, struct err *err)
{
    return add_tasks(work, batch, "rolling_back", "roll_back", err);
}
