/* platform_row: what a platform must be able to do to stand behind platform.h. */
#pragma once

#include "google.h"

struct platform {
    struct google google;
};

struct platform_row {
    const char *prefix; /* of its accounts' ids */
    void (*read_budgets)(struct platform *platform, struct arena *arena,
                         struct platform_read *reads[], size_t count);
    void (*set_budgets)(struct platform *platform, struct arena *arena, struct platform_set *sets[],
                        size_t count);
    void (*read_changes)(struct platform *platform, struct arena *arena,
                         struct platform_history *histories[], size_t count);
};
