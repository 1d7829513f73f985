/* Runs of bytes, the growing buffer and the arena. */
#include "bytes.h"
#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_buffer_grows_and_stays_terminated(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    for (int i = 0; i < 730; i++) {
        buffer_format(&buffer, "%d,", i);
        assert_int_equal(buffer.data[buffer.length], '\0');
    }
    buffer_add(&buffer, "\0end", 4);
    assert_int_equal(buffer.length, 10 * 2 + 90 * 3 + 630 * 4 + 4);
    assert_memory_equal(buffer.data + buffer.length - 8, "729,\0end", 8);
    size_t capacity = buffer.capacity;
    buffer_clear(&buffer);
    assert_int_equal(buffer_view(&buffer).length, 0);
    assert_int_equal(buffer.capacity, capacity);
    buffer_done(&buffer);
    assert_null(buffer.data);
}

static void bytes_are_equal_by_length_and_content(void **state)
{
    (void)state;
    assert_true(bytes_equal(bytes_of(NULL, 0), bytes_of_text("")));
    assert_true(bytes_equal(bytes_of("a\0b", 3), bytes_of("a\0b", 3)));
    assert_false(bytes_equal(bytes_of("a\0b", 3), bytes_of("a\0c", 3)));
    assert_false(bytes_equal(bytes_of_text("ab"), bytes_of_text("abc")));
}

static void an_arena_gives_zeroed_aligned_blocks_that_do_not_overlap(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    for (int round = 0; round < 3; round++) {
        char *before = NULL;
        size_t before_size = 0;
        for (size_t size = 1; size < 300000; size = size * 3 + 7) {
            char *block = arena_new_bytes(arena, size);
            assert_int_equal((uintptr_t)block % 16, 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(block[i], 0);
            memset(block, 0xa5, size);
            for (size_t i = 0; i < before_size; i++)
                assert_int_equal(before[i], (char)0xa5);
            before = block;
            before_size = size;
        }
        assert_string_equal(arena_format(arena, "%s-%d", "camp", 4650), "camp-4650");
        assert_string_equal(arena_text(arena, "cut here", 3), "cut");
        arena_reset(arena);
    }
    arena_free(arena);
    arena_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buffer_grows_and_stays_terminated),
        cmocka_unit_test(bytes_are_equal_by_length_and_content),
        cmocka_unit_test(an_arena_gives_zeroed_aligned_blocks_that_do_not_overlap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
