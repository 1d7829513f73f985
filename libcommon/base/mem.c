#include "mem.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { block_bytes = 64 * 1024, alignment = 16 };

void *mem_array(size_t count, size_t size)
{
    void *block = calloc(count ? count : 1, size ? size : 1);
    if (!block)
        abort();
    return block;
}

void *mem_new(size_t size)
{
    return mem_array(1, size);
}

void *mem_grow(void *block, size_t count, size_t size)
{
    void *grown = reallocarray(block, count ? count : 1, size ? size : 1);
    if (!grown)
        abort();
    return grown;
}

char *mem_text(const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        abort();
    return copy;
}

void mem_free(void *block)
{
    free(block);
}

struct arena_block {
    struct arena_block *next;
    size_t used, size;
    _Alignas(alignment) char bytes[];
};

struct arena {
    struct arena_block *newest; /* the first block is last in this list */
};

static struct arena_block *block_new(size_t size, struct arena_block *next)
{
    assert(size < SIZE_MAX - sizeof(struct arena_block));
    struct arena_block *block = malloc(sizeof *block + size);
    if (!block)
        abort();
    *block = (struct arena_block){.next = next, .size = size};
    return block;
}

struct arena *arena_new(void)
{
    struct arena *arena = mem_new(sizeof *arena);
    arena->newest = block_new(block_bytes, NULL);
    return arena;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    arena_reset(arena);
    free(arena->newest);
    free(arena);
}

void arena_reset(struct arena *arena)
{
    while (arena->newest->next) {
        struct arena_block *block = arena->newest;
        arena->newest = block->next;
        free(block);
    }
    arena->newest->used = 0;
}

void *arena_new_bytes(struct arena *arena, size_t size)
{
    assert(size < SIZE_MAX - alignment);
    size = (size + alignment - 1) & ~(size_t)(alignment - 1);
    struct arena_block *block = arena->newest;
    if (block->size - block->used < size) {
        block = block_new(size > block_bytes ? size : block_bytes, block);
        arena->newest = block;
    }
    void *bytes = block->bytes + block->used;
    block->used += size;
    return memset(bytes, 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    assert(size == 0 || count <= SIZE_MAX / 2 / size);
    return arena_new_bytes(arena, count * size);
}

char *arena_text(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_new_bytes(arena, length + 1);
    memcpy(copy, text, length);
    return copy;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(length >= 0);
    char *text = arena_new_bytes(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}
