/* bytes: a borrowed run of bytes, and a buffer that grows. */
#pragma once

#include "err.h"
#include "owned.h"

#include <stddef.h>
#include <stdint.h>

struct bytes {
    const uint8_t *data;
    size_t length;
};

struct bytes bytes_of(const void *data, size_t length);
struct bytes bytes_of_text(const char *text); /* without its NUL */
bool bytes_equal(struct bytes a, struct bytes b);

/* Always NUL-terminated behind its length once anything was added. Zero-initialise; buffer_done
 * releases. */
struct buffer {
    uint8_t *data;
    size_t length, capacity;
};

void buffer_done(struct buffer *buffer);
/* A local that its block releases. */
#define BUFFER __attribute__((cleanup(buffer_done))) struct buffer
void buffer_clear(struct buffer *buffer); /* keeps the memory */
void buffer_add(struct buffer *buffer, const void *data, size_t length);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_format(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);
struct bytes buffer_view(const struct buffer *buffer);
