#include "taxonomy.h"

#include "json.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const taxonomy_names[TAXONOMY_DIMENSIONS] = {"brand", "funnel", "audience", "angle",
                                                         "market"};

enum { json_bytes_max = 256 * 1024, phrase_words = 3, phrase_bytes = 64, name_words_max = 64 };

/* "non brand" → TAXONOMY_BRAND, "non-brand". */
struct phrase {
    const char *words;
    enum taxonomy_dimension dimension;
    const char *value;
};

struct taxonomy {
    struct arena *texts;
    struct phrase *phrases; /* sorted by words, then dimension */
    size_t count, capacity;
};

/* Its words in lower case, one space between; the end of what was taken, or NULL: none is left.
 * Bytes beyond ASCII are letters. */
static const char *next_word(const char *at, char word[static phrase_bytes])
{
    size_t length = 0;
    while (*at && !isalnum((unsigned char)*at) && !(*at & 0x80))
        at++;
    if (!*at)
        return NULL;
    for (; isalnum((unsigned char)*at) || (*at & 0x80); at++)
        if (length < phrase_bytes - 1)
            word[length++] = (char)tolower((unsigned char)*at);
    word[length] = '\0';
    return at;
}

/* False: no word, or more than fit. */
static bool normalise(const char *text, char phrase[static phrase_bytes])
{
    char word[phrase_bytes];
    size_t length = 0, words = 0;
    while ((text = next_word(text, word)) != NULL) {
        size_t more = strlen(word);
        if (++words > phrase_words || length + more + 2 > phrase_bytes)
            return false;
        if (length)
            phrase[length++] = ' ';
        memcpy(phrase + length, word, more + 1);
        length += more;
    }
    return words > 0;
}

static int by_words(const void *a, const void *b)
{
    const struct phrase *x = a, *y = b;
    int order = strcmp(x->words, y->words);
    return order ? order : (x->dimension > y->dimension) - (x->dimension < y->dimension);
}

static bool add_phrases(struct taxonomy *taxonomy, enum taxonomy_dimension dimension,
                        const char *value, const json_t *words, struct err *err)
{
    const char *of = taxonomy_names[dimension];
    if (!*value || !json_is_array(words) || json_array_size(words) == 0)
        return err_set(err, ERR_REJECT, "%s.%s: a value needs a list of words", of, value);
    const char *kept = arena_text(taxonomy->texts, value, strlen(value));
    for (size_t i = 0; i < json_array_size(words); i++) {
        char phrase[phrase_bytes];
        const char *text = json_string_value(json_array_get(words, i));
        if (!text || !normalise(text, phrase))
            return err_set(err, ERR_REJECT, "%s.%s[%zu]: one to three words", of, value, i);
        if (taxonomy->count == taxonomy->capacity) {
            taxonomy->capacity = taxonomy->capacity ? 2 * taxonomy->capacity : 64;
            taxonomy->phrases =
                mem_grow(taxonomy->phrases, taxonomy->capacity, sizeof *taxonomy->phrases);
        }
        taxonomy->phrases[taxonomy->count++] =
            (struct phrase){arena_text(taxonomy->texts, phrase, strlen(phrase)), dimension, kept};
    }
    return true;
}

static bool find_dimension(const char *name, enum taxonomy_dimension *ret)
{
    for (size_t d = 0; d < TAXONOMY_DIMENSIONS; d++)
        if (strcmp(taxonomy_names[d], name) == 0) {
            *ret = (enum taxonomy_dimension)d;
            return true;
        }
    return false;
}

static bool load(struct taxonomy *taxonomy, json_t *json, struct err *err)
{
    const char *name, *value;
    json_t *values, *words;
    enum taxonomy_dimension dimension;
    json_object_foreach(json, name, values)
    {
        if (!find_dimension(name, &dimension) || !json_is_object(values))
            return err_set(err, ERR_REJECT, "%.40s: no dimension with an object of values", name);
        json_object_foreach(values, value, words) if (!add_phrases(taxonomy, dimension, value,
                                                                   words, err)) return false;
    }
    if (taxonomy->count)
        qsort(taxonomy->phrases, taxonomy->count, sizeof *taxonomy->phrases, by_words);
    for (size_t i = 1; i < taxonomy->count; i++)
        if (by_words(&taxonomy->phrases[i - 1], &taxonomy->phrases[i]) == 0)
            return err_set(err, ERR_REJECT, "%s: '%s' is said twice",
                           taxonomy_names[taxonomy->phrases[i].dimension],
                           taxonomy->phrases[i].words);
    return true;
}

struct taxonomy *taxonomy_new(struct bytes text, struct err *err)
{
    OWNED(json_t) *json = NULL;
    if (!json_parse(text, json_bytes_max, &json, err))
        return NULL;
    if (!json_is_object(json)) {
        (void)err_set(err, ERR_REJECT, "an object of dimensions");
        return NULL;
    }
    struct taxonomy *taxonomy = mem_new(sizeof *taxonomy);
    taxonomy->texts = arena_new();
    if (!load(taxonomy, json, err)) {
        taxonomy_free(taxonomy);
        return NULL;
    }
    return taxonomy;
}

void taxonomy_free(struct taxonomy *taxonomy)
{
    if (!taxonomy)
        return;
    arena_free(taxonomy->texts);
    mem_free(taxonomy->phrases);
    mem_free(taxonomy);
}

/* What one name said so far. */
struct reading {
    struct taxonomy_tags *tags;
    bool twofold[TAXONOMY_DIMENSIONS], outright[TAXONOMY_DIMENSIONS];
};

static void note(struct reading *reading, const struct phrase *phrase, bool outright)
{
    enum taxonomy_dimension of = phrase->dimension;
    const char **value = &reading->tags->value[of];
    if (reading->outright[of] && !outright)
        return;
    if (outright && !reading->outright[of]) {
        reading->outright[of] = true;
        reading->twofold[of] = false;
        *value = NULL;
    }
    if (*value && strcmp(*value, phrase->value) != 0)
        reading->twofold[of] = true;
    *value = phrase->value;
}

/* Notes every meaning of a phrase, in one dimension or all. */
static bool look(const struct taxonomy *taxonomy, const char *words, struct reading *reading,
                 const enum taxonomy_dimension *only)
{
    bool found = false;
    for (size_t d = 0; d < TAXONOMY_DIMENSIONS; d++) {
        struct phrase key = {words, (enum taxonomy_dimension)d, NULL};
        if (only && *only != key.dimension)
            continue;
        const struct phrase *phrase = taxonomy->count
            ? bsearch(&key, taxonomy->phrases, taxonomy->count, sizeof key, by_words)
            : NULL;
        if (phrase)
            note(reading, phrase, only != NULL);
        found = found || phrase;
    }
    return found;
}

struct words {
    char word[name_words_max][phrase_bytes];
    char behind[name_words_max]; /* the byte that ended it */
    size_t count;
};

static void split(const char *name, struct words *ret)
{
    ret->count = 0;
    while (ret->count < name_words_max && (name = next_word(name, ret->word[ret->count])) != NULL)
        ret->behind[ret->count++] = *name;
}

/* The longest known phrase that begins at a word: how many words it has, or 0. */
static size_t take(const struct taxonomy *taxonomy, const struct words *words, size_t first,
                   struct reading *reading, const enum taxonomy_dimension *only)
{
    char phrase[phrase_words * phrase_bytes];
    for (size_t many = phrase_words; many > 0; many--) {
        size_t length = 0;
        if (first + many > words->count)
            continue;
        for (size_t i = first; i < first + many; i++)
            length += (size_t)snprintf(phrase + length, sizeof phrase - length, "%s%s",
                                       i > first ? " " : "", words->word[i]);
        if (look(taxonomy, phrase, reading, only))
            return many;
    }
    return 0;
}

void taxonomy_parse(const struct taxonomy *taxonomy, const char *name, struct taxonomy_tags *ret)
{
    struct words words;
    struct reading reading = {.tags = ret};
    *ret = (struct taxonomy_tags){0};
    split(name, &words);
    for (size_t at = 0; at < words.count;) {
        enum taxonomy_dimension dimension;
        bool key = (words.behind[at] == ':' || words.behind[at] == '=')
            && find_dimension(words.word[at], &dimension);
        size_t taken = key ? take(taxonomy, &words, at + 1, &reading, &dimension) : 0;
        if (taken)
            taken++;
        else
            taken = take(taxonomy, &words, at, &reading, NULL);
        at += taken ? taken : 1;
    }
    for (size_t d = 0; d < TAXONOMY_DIMENSIONS; d++)
        if (reading.twofold[d])
            ret->value[d] = NULL;
}
