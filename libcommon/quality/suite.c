#include "suite.h"

#include "json.h"

#include <stdio.h>
#include <string.h>

enum { suite_bytes_max = 64 * 1024, word_max = 60, sentence_max = 200 };

/* Where a mistake is: "suites/orders.json: rules[3].columns". */
struct place {
    struct arena *arena;
    const char *file, *field;
    struct err *err;
};

static bool wrong(const struct place *place, const char *why)
{
    return err_set(place->err, ERR_FATAL, "suites/%s: %s%s%s", place->file, place->field,
                   *place->field ? ": " : "", why);
}

static struct place in(const struct place *place, const char *name)
{
    struct place inner = *place;
    inner.field =
        arena_format(place->arena, "%s%s%s", place->field, *place->field ? "." : "", name);
    return inner;
}

/* Names become part of statements, so they are plain words whatever quoting would bear. */
static bool is_name(const char *text)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return length > 0 && length <= word_max && text[length] == '\0'
        && !strchr("0123456789_", text[0]);
}

static bool read_text(const struct place *place, const json_t *object, const char *name,
                      const char **ret_text)
{
    struct place at = in(place, name);
    const json_t *value = json_object_get(object, name);
    if (!value)
        return wrong(&at, "is missing");
    if (!json_is_string(value) || json_string_length(value) == 0)
        return wrong(&at, "is no text");
    *ret_text = arena_text(place->arena, json_string_value(value), json_string_length(value));
    return true;
}

static bool read_name(const struct place *place, const json_t *object, const char *name,
                      const char **ret_name)
{
    struct place at = in(place, name);
    return read_text(place, object, name, ret_name)
        && (is_name(*ret_name) || wrong(&at, "is no name of lower-case letters, digits and _"));
}

static bool read_words(const struct place *place, const json_t *object, const char *name,
                       size_t min, size_t max, struct words *ret_words)
{
    struct place at = in(place, name);
    const json_t *array = json_object_get(object, name);
    if (!array && min > 0)
        return wrong(&at, "is missing");
    if (array && !json_is_array(array))
        return wrong(&at, "is no list");
    size_t count = json_array_size(array);
    if (count < min || count > max)
        return wrong(&at, arena_format(place->arena, "has %zu, needs %zu to %zu", count, min, max));
    for (size_t i = 0; i < count; i++) {
        const char *word = json_string_value(json_array_get(array, i));
        if (!word || !is_name(word))
            return wrong(&at, arena_format(place->arena, "its word %zu is no name", i + 1));
        for (size_t k = 0; k < i; k++)
            if (strcmp(ret_words->word[k], word) == 0)
                return wrong(&at, arena_format(place->arena, "has %s twice", word));
        ret_words->word[i] = arena_text(place->arena, word, strlen(word));
    }
    ret_words->count = count;
    return true;
}

static bool read_number(const struct place *place, const json_t *object,
                        const struct kind_parameter *parameter, double *ret_number)
{
    struct place at = in(place, parameter->name);
    const json_t *value = json_object_get(object, parameter->name);
    if (!value)
        return wrong(&at, "is missing");
    *ret_number = json_number_value(value);
    if (!json_is_number(value) || *ret_number < parameter->min || *ret_number > parameter->max)
        return wrong(&at,
                     arena_format(place->arena, "is no number from %g to %g", parameter->min,
                                  parameter->max));
    return true;
}

static bool read_parameters(const struct place *place, const json_t *object,
                            struct suite_rule *rule)
{
    for (size_t i = 0; i < KIND_PARAMETERS_MAX && rule->kind->parameter[i].name; i++) {
        const struct kind_parameter *parameter = &rule->kind->parameter[i];
        bool ok = false;
        switch (parameter->type) {
        case PARAMETER_NUMBER:
            ok = read_number(place, object, parameter, &rule->value[i].number);
            break;
        case PARAMETER_WORDS:
            ok = read_words(place, object, parameter->name, 1, SUITE_WORDS_MAX,
                            &rule->value[i].words);
            break;
        case PARAMETER_NAME:
            ok = read_name(place, object, parameter->name, &rule->value[i].name);
            break;
        }
        if (!ok)
            return false;
    }
    return true;
}

static bool is_parameter(const struct kind *kind, const char *name)
{
    for (size_t i = 0; i < KIND_PARAMETERS_MAX && kind->parameter[i].name; i++)
        if (strcmp(kind->parameter[i].name, name) == 0)
            return true;
    return false;
}

/* A mistyped member would change nothing, and nobody would notice. */
static bool only_known(const struct place *place, const json_t *object, const char *const known[],
                       const struct kind *kind)
{
    const char *name;
    const json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        bool found = kind && is_parameter(kind, name);
        for (size_t i = 0; known[i]; i++)
            found |= strcmp(known[i], name) == 0;
        struct place at = in(place, name);
        if (!found)
            return wrong(
                &at,
                kind ? arena_format(place->arena, "the kind %s has no such member", kind->name)
                     : "there is no such member");
    }
    return true;
}

static bool read_kind(const struct place *place, const json_t *object, const struct kind **ret_kind)
{
    struct place at = in(place, "kind");
    const char *name = "";
    if (!read_text(place, object, "kind", &name))
        return false;
    *ret_kind = kind_find(name);
    return *ret_kind || wrong(&at, arena_format(place->arena, "there is no kind '%s'", name));
}

static bool read_severity(const struct place *place, const json_t *object,
                          enum severity *ret_severity)
{
    struct place at = in(place, "severity");
    const char *name = "";
    if (!read_text(place, object, "severity", &name))
        return false;
    *ret_severity = strcmp(name, "critical") == 0 ? SEVERITY_CRITICAL : SEVERITY_WARNING;
    return strcmp(name, severity_text(*ret_severity)) == 0
        || wrong(&at, "is neither critical nor warning");
}

static bool read_sentence(const struct place *place, const json_t *object,
                          const char **ret_sentence)
{
    struct place at = in(place, "sentence");
    if (!read_text(place, object, "sentence", ret_sentence))
        return false;
    size_t length = strlen(*ret_sentence);
    return (length <= sentence_max && (*ret_sentence)[length - 1] == '.')
        || wrong(&at, "is no sentence of 200 bytes at most that ends with a full stop");
}

static bool read_rule(const struct place *place, const json_t *object, struct suite_rule *rule)
{
    static const char *const members[] = {"name", "kind", "severity", "columns", "sentence", NULL};
    return json_is_object(object)
        ? read_name(place, object, "name", &rule->name) && read_kind(place, object, &rule->kind)
            && read_severity(place, object, &rule->severity)
            && read_words(place, object, "columns", rule->kind->columns_min,
                          rule->kind->columns_max, &rule->columns)
            && read_sentence(place, object, &rule->sentence) && read_parameters(place, object, rule)
            && only_known(place, object, members, rule->kind)
        : wrong(place, "is no object");
}

static bool read_rules(const struct place *place, const json_t *object, struct suite *suite)
{
    const json_t *rules = json_object_get(object, "rules");
    struct place at = in(place, "rules");
    size_t count = json_array_size(rules);
    if (count == 0 || count > SUITE_RULES_MAX)
        return wrong(&at,
                     arena_format(place->arena, "has %zu, needs 1 to %d", count, SUITE_RULES_MAX));
    for (size_t i = 0; i < count; i++) {
        struct suite_rule *rule = &suite->rules[i];
        at = in(place, arena_format(place->arena, "rules[%zu]", i));
        if (!read_rule(&at, json_array_get(rules, i), rule))
            return false;
        for (size_t k = 0; k < i; k++)
            if (strcmp(suite->rules[k].name, rule->name) == 0)
                return wrong(&at,
                             arena_format(place->arena, "there is a rule %s already", rule->name));
    }
    suite->rule_count = count;
    return true;
}

bool suite_read(struct arena *arena, const char *file, const char *text, struct suite **ret_suite,
                struct err *err)
{
    static const char *const members[] = {"table", "sources", "account", "day",
                                          "key",   "rules",   NULL};
    OWNED(json_t) *object = NULL;
    struct suite *suite = arena_new_bytes(arena, sizeof *suite);
    struct place place = {arena, file, "", err};
    if (!json_parse(bytes_of_text(text), suite_bytes_max, &object, err)) {
        err->kind = ERR_FATAL;
        return err_context(err, "suites/%s", file);
    }
    *ret_suite = suite;
    return read_name(&place, object, "table", &suite->table)
        && read_words(&place, object, "sources", 1, SUITE_SOURCES_MAX, &suite->sources)
        && read_name(&place, object, "account", &suite->account)
        && read_name(&place, object, "day", &suite->day)
        && read_words(&place, object, "key", 0, SUITE_KEY_MAX, &suite->key)
        && read_rules(&place, object, suite) && only_known(&place, object, members, NULL);
}

bool suite_covers(const struct suite *suite, const char *source)
{
    for (size_t i = 0; i < suite->sources.count; i++)
        if (strcmp(suite->sources.word[i], source) == 0)
            return true;
    return false;
}

const char *severity_text(enum severity severity)
{
    return severity == SEVERITY_CRITICAL ? "critical" : "warning";
}
