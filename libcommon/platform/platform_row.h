/* platform_row: what a platform must be able to do to stand behind platform.h. */
#pragma once

#include "google.h"

struct platform {
    struct google google;
};

/* Each answers for its own accounts and leaves the others as they are. */
struct platform_row {
    void (*read_budgets)(struct platform *platform, struct arena *arena,
                         struct platform_read reads[], size_t count);
    void (*set_budgets)(struct platform *platform, struct arena *arena, struct platform_set sets[],
                        size_t count);
    void (*read_changes)(struct platform *platform, struct arena *arena,
                         struct platform_history histories[], size_t count);
};
