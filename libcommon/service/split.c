#include "split.h"

static enum err_kind run(const struct split *split, size_t first, size_t count, size_t *settled)
{
    enum err_kind kind = split->attempt(split->arg, first, count);
    if (kind == ERR_REJECT && count > 1) {
        size_t half = count / 2;
        kind = run(split, first, half, settled);
        return kind == ERR_NONE ? run(split, first + half, count - half, settled) : kind;
    }
    if (kind == ERR_NONE)
        split->applied(split->arg, first, count);
    else if (kind == ERR_REJECT)
        kind = split->reject(split->arg, first);
    if (kind == ERR_NONE)
        *settled = first + count;
    return kind;
}

enum err_kind split_run(const struct split *split, size_t count, size_t *ret_settled)
{
    *ret_settled = 0;
    return count == 0 ? ERR_NONE : run(split, 0, count, ret_settled);
}
