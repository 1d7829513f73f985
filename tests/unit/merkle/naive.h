/* naive: RFC 6962 written down as its definitions stand, recursively: what the fast code is
 * held against. */
#pragma once

#include "path.h"
#include "tree.h"

#include <string.h>

enum { naive_max = 300 };

/* Leaves of different lengths, the empty one among them. */
static inline struct bytes naive_leaf(size_t index)
{
    static const char text[naive_max + 1] =
        "any bytes will do as long as no two prefixes of different length are equal";
    return bytes_of(text, index);
}

static inline struct hash naive_node(struct hash left, struct hash right)
{
    const uint8_t one = 1;
    const struct bytes parts[] = {
        {&one,        1 },
        {left.bytes,  32},
        {right.bytes, 32}
    };
    return hash_sha256_parts(parts, 3);
}

static inline size_t naive_split(size_t n)
{
    size_t k = 1;
    while (2 * k < n)
        k *= 2;
    return k;
}

/* MTH(D[start:start + n]); each is computed once. */
static inline struct hash naive_root(size_t start, size_t n);

static inline struct hash naive_compute(size_t start, size_t n)
{
    if (n == 0)
        return hash_sha256((struct bytes){0});
    if (n == 1) {
        const uint8_t zero = 0;
        const struct bytes parts[] = {
            {&zero, 1},
            naive_leaf(start)
        };
        return hash_sha256_parts(parts, 2);
    }
    size_t k = naive_split(n);
    return naive_node(naive_root(start, k), naive_root(start + k, n - k));
}

static inline struct hash naive_root(size_t start, size_t n)
{
    static struct {
        bool known;
        struct hash hash;
    } answers[naive_max + 1][naive_max + 1];
    if (!answers[start][n].known) {
        answers[start][n].hash = naive_compute(start, n);
        answers[start][n].known = true;
    }
    return answers[start][n].hash;
}

/* PATH(m, D[start:start + n]) */
static inline void naive_path(size_t m, size_t start, size_t n, struct path *path)
{
    if (n == 1)
        return;
    size_t k = naive_split(n);
    if (m < k) {
        naive_path(m, start, k, path);
        path->hash[path->count++] = naive_root(start + k, n - k);
    } else {
        naive_path(m - k, start + k, n - k, path);
        path->hash[path->count++] = naive_root(start, k);
    }
}

/* SUBPROOF(m, D[start:start + n], whole) */
static inline void naive_subproof(size_t m, size_t start, size_t n, bool whole, struct path *path)
{
    if (m == n) {
        if (!whole)
            path->hash[path->count++] = naive_root(start, n);
        return;
    }
    size_t k = naive_split(n);
    if (m <= k) {
        naive_subproof(m, start, k, whole, path);
        path->hash[path->count++] = naive_root(start + k, n - k);
    } else {
        naive_subproof(m - k, start + k, n - k, false, path);
        path->hash[path->count++] = naive_root(start, k);
    }
}

static inline bool naive_same(const struct path *a, const struct path *b)
{
    return a->count == b->count && memcmp(a->hash, b->hash, a->count * sizeof a->hash[0]) == 0;
}
