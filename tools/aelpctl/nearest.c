/* The nearest word by edit distance (Levenshtein), for "did you mean". */
#include "cli.h"

#include <string.h>

enum { word_max = 40 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t distance(const char *a, const char *b)
{
    size_t row[word_max + 1];
    size_t a_length = strlen(a), b_length = strlen(b);
    for (size_t j = 0; j <= b_length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t above = row[j];
            size_t changed = diagonal + (a[i - 1] != b[j - 1]);
            row[j] = least(least(row[j - 1], above) + 1, changed);
            diagonal = above;
        }
    }
    return row[b_length];
}

const char *nearest(const char *word, const char *const candidates[], size_t count)
{
    const char *found = NULL;
    size_t length = strlen(word);
    size_t best = least(length / 3 + 2, 3); /* as far, it is another word */
    for (size_t i = 0; i < count && length <= word_max; i++) {
        size_t far = strlen(candidates[i]) <= word_max ? distance(word, candidates[i]) : best;
        if (far < best) {
            best = far;
            found = candidates[i];
        }
    }
    return found;
}
