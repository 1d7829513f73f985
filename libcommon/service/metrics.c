/* metrics: counters by name, and how they are shown to Prometheus. */
#include "frame.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { metrics_max = 64 };

static struct {
    _Atomic(const char *) name;
    _Atomic int64_t value;
} metrics[metrics_max];

void service_count(const char *metric, int64_t add)
{
    for (size_t i = 0; i < metrics_max; i++) {
        const char *none = NULL;
        const char *name = atomic_load(&metrics[i].name);
        if (!name && atomic_compare_exchange_strong(&metrics[i].name, &none, metric))
            name = metric;
        else if (!name)
            name = none;
        if (name == metric || strcmp(name, metric) == 0) {
            atomic_fetch_add(&metrics[i].value, add);
            return;
        }
    }
}

static int64_t resident_bytes(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file)
        return 0;
    if (fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    fclose(file);
    return (int64_t)pages * sysconf(_SC_PAGESIZE);
}

static void print_endpoint(const struct micro_endpoint *endpoint, struct buffer *text)
{
    buffer_format(text, "aelp_route_messages_total{route=\"%s\"} %lld\n", endpoint->subject,
                  (long long)atomic_load(&endpoint->requests));
    buffer_format(text, "aelp_route_failures_total{route=\"%s\"} %lld\n", endpoint->subject,
                  (long long)atomic_load(&endpoint->errors));
    buffer_format(text, "aelp_route_seconds_total{route=\"%s\"} %.6f\n", endpoint->subject,
                  (double)atomic_load(&endpoint->nanoseconds) / 1e9);
}

void metrics_print(struct frame *frame, struct buffer *text)
{
    buffer_format(text, "process_resident_memory_bytes %lld\n", (long long)resident_bytes());
    for (size_t i = 0; i < frame->micro.endpoint_count; i++)
        print_endpoint(&frame->micro.endpoints[i], text);
    for (size_t i = 0; i < metrics_max; i++) {
        const char *name = atomic_load(&metrics[i].name);
        if (name)
            buffer_format(text, "aelp_%s %lld\n", name, (long long)atomic_load(&metrics[i].value));
    }
}
