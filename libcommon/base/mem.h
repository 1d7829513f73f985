/* mem: the only place that asks for memory. Running out of it aborts, so nobody tests for it.
 *
 * An arena holds everything one batch or one request needs and is emptied at once. */
#pragma once

#include "err.h"
#include "owned.h"

#include <stddef.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Zeroed. mem_array aborts when count * size would overflow. */
void *mem_new(size_t size) __attribute__((returns_nonnull, malloc));
void *mem_array(size_t count, size_t size) __attribute__((returns_nonnull, malloc));
/* Contents kept up to the smaller size; what is new is not zeroed. */
void *mem_grow(void *block, size_t count, size_t size) __attribute__((returns_nonnull));
char *mem_text(const char *text) __attribute__((returns_nonnull, malloc));
void mem_free(void *block);

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena);
/* Forgets everything; keeps the first block for the next round. */
void arena_reset(struct arena *arena);
void *arena_new_bytes(struct arena *arena, size_t size)
    __attribute__((returns_nonnull)); /* zeroed */
void *arena_array(struct arena *arena, size_t count, size_t size) __attribute__((returns_nonnull));
char *arena_text(struct arena *arena, const char *text, size_t length)
    __attribute__((returns_nonnull));
char *arena_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3)
    __attribute__((returns_nonnull));
