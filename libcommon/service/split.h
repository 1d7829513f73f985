/* split: finds the messages that fail alone in a batch that failed together. Pure.
 *
 * Halves are tried in order, so what is settled is always a prefix. A batch with one bad message
 * costs 2 log2(n) tries, not n. */
#pragma once

#include "err.h"

#include <stddef.h>

struct split {
    enum err_kind (*attempt)(void *arg, size_t first, size_t count);
    void (*applied)(void *arg, size_t first, size_t count);
    /* This one failed alone; ERR_NONE: it was put aside. */
    enum err_kind (*reject)(void *arg, size_t at);
    void *arg;
};

/* ERR_NONE: all are settled. Otherwise the first *ret_settled are. */
enum err_kind split_run(const struct split *split, size_t count, size_t *ret_settled);
