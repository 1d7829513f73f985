/* scheduler: emits jobs by the flows' clocks, and notices what was missed. */
#include "scheduler.h"

static const struct setting settings[] = {
    {"ZONE_FOLDER", SETTING_TEXT, offsetof(struct scheduler, zone_folder), "/usr/share/zoneinfo", 0,
     0, "compiled time zones"},
};

static const struct tick ticks[] = {
    {"clock", 1000, on_clock},
};

int main(int argc, char **argv)
{
    static struct scheduler scheduler;
    struct service service = {
        .name = "scheduler",
        .settings = settings,
        .setting_count = COUNT(settings),
        .config = &scheduler,
        .ticks = ticks,
        .tick_count = COUNT(ticks),
        .state = &scheduler,
    };
    return service_main(&service, argc, argv);
}
