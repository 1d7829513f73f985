#include "market_config.h"

#include "config_fields.h"
#include "mem.h"

#include <assert.h>
#include <string.h>

/* Reading */

static bool refuse(struct err *err, const char *name, const char *what)
{
    return err_set(err, ERR_REJECT, "market: %s %s", name, what);
}

static bool read_choice(const json_t *value, const struct config_field *field, int *ret_choice,
                        struct err *err)
{
    const char *text = json_string_value(value);
    for (int i = 0; text && field->choices[i]; i++)
        if (strcmp(field->choices[i], text) == 0) {
            *ret_choice = i;
            return true;
        }
    return refuse(err, field->name, "is none of its choices");
}

static bool read_text(const json_t *value, char *text, struct err *err)
{
    if (!json_is_string(value) || json_string_length(value) >= MARKET_NAME_MAX)
        return refuse(err, "name", "is not a short text");
    memset(text, 0, MARKET_NAME_MAX);
    memcpy(text, json_string_value(value), json_string_length(value));
    return true;
}

static bool read_reals(const json_t *value, const struct config_field *field, double *real,
                       struct err *err)
{
    bool list = json_is_array(value);
    size_t count = list ? json_array_size(value) : 1;
    if (list != (field->count > 1) || count > (size_t)field->count)
        return refuse(err, field->name, "has the wrong length");
    for (size_t i = 0; i < count; i++) {
        const json_t *one = list ? json_array_get(value, i) : value;
        if (!json_is_number(one))
            return refuse(err, field->name, "is not a number");
        real[i] = json_number_value(one);
    }
    for (size_t i = count; i < (size_t)field->count; i++)
        real[i] = 0;
    return true;
}

static bool read_field(const json_t *value, const struct config_field *field, void *object,
                       struct err *err)
{
    void *member = (char *)object + field->offset;
    switch (field->type) {
    case FIELD_TEXT:
        return read_text(value, member, err);
    case FIELD_REAL:
        return read_reals(value, field, member, err);
    case FIELD_CHOICE:
        return read_choice(value, field, member, err);
    case FIELD_FLAG:
        if (!json_is_boolean(value))
            return refuse(err, field->name, "is not true or false");
        *(bool *)member = json_is_true(value);
        return true;
    case FIELD_INT:
    case FIELD_MICROS:
        break;
    }
    double number = (double)json_integer_value(value);
    if (!json_is_integer(value) || number < field->min || number > field->max)
        return refuse(err, field->name, "is no whole number in its range");
    if (field->type == FIELD_MICROS)
        *(int64_t *)member = json_integer_value(value);
    else
        *(int *)member = (int)json_integer_value(value);
    return true;
}

static const struct config_field *find_field(const char *name, const struct config_field *field,
                                             size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(field[i].name, name) == 0)
            return &field[i];
    return NULL;
}

static bool read_list(const json_t *value, const struct config_list *list,
                      struct market_config *config, struct err *err)
{
    if (!json_is_array(value) || json_array_size(value) > (size_t)list->most)
        return refuse(err, list->name, "is not a list within its length");
    char *item = (char *)config + list->offset;
    memset(item, 0, list->size * (size_t)list->most);
    *(int *)(void *)((char *)config + list->count_offset) = (int)json_array_size(value);
    size_t at;
    json_t *one;
    json_array_foreach(value, at, one)
    {
        const char *name;
        json_t *member;
        if (!json_is_object(one))
            return refuse(err, list->name, "has an item that is no object");
        json_object_foreach(one, name, member)
        {
            const struct config_field *field = find_field(name, list->field, list->fields);
            if (!field)
                return refuse(err, name, "is not known");
            if (!read_field(member, field, item + at * list->size, err))
                return err_context(err, "%s[%zu]", list->name, at);
        }
    }
    return true;
}

static bool read_member(const char *name, const json_t *value, struct market_config *config,
                        struct err *err)
{
    const struct config_field *field = find_field(name, config_own_fields, config_own_field_count);
    if (field)
        return read_field(value, field, config, err);
    for (size_t i = 0; i < config_list_count; i++)
        if (strcmp(config_lists[i].name, name) == 0)
            return read_list(value, &config_lists[i], config, err);
    return refuse(err, name, "is not known");
}

bool market_config_read(const json_t *document, struct market_config *ret_config, struct err *err)
{
    if (!json_is_object(document))
        return refuse(err, "config", "is not an object");
    const json_t *preset = json_object_get(document, "preset");
    struct market_config *config = mem_new(sizeof *config);
    bool good = !preset
        || (json_is_string(preset) ? market_preset(json_string_value(preset), config, err)
                                   : refuse(err, "preset", "is not a text"));
    const char *name;
    const json_t *value;
    void *next = json_object_iter((json_t *)(uintptr_t)document);
    for (; good && next; next = json_object_iter_next((json_t *)(uintptr_t)document, next)) {
        name = json_object_iter_key(next);
        value = json_object_iter_value(next);
        good = strcmp(name, "preset") == 0 || read_member(name, value, config, err);
    }
    good = good && market_config_check(config, err);
    if (good)
        *ret_config = *config;
    mem_free(config);
    return good;
}

/* Checking */

static bool check_reals(const struct config_field *field, const void *object, struct err *err)
{
    const double *real = (const void *)((const char *)object + field->offset);
    if (field->type != FIELD_REAL)
        return true;
    for (int i = 0; i < field->count; i++)
        if (!(real[i] >= field->min && real[i] <= field->max))
            return err_set(err, ERR_REJECT, "market: %s is %g, not within %g to %g", field->name,
                           real[i], field->min, field->max);
    return true;
}

static bool check_references(const struct market_config *config, struct err *err)
{
    for (int i = 0; i < config->campaigns; i++)
        if (config->campaign[i].channel >= config->channels
            || config->campaign[i].budget >= config->budgets)
            return err_set(err, ERR_REJECT, "market: campaign[%d] has no such channel or budget",
                           i);
    for (int i = 0; i < config->ads; i++)
        if (config->ad[i].campaign >= config->campaigns || config->ad[i].page > config->pages
            || config->ad[i].offer > config->offers)
            return err_set(err, ERR_REJECT, "market: ad[%d] has no such campaign, page or offer",
                           i);
    double hours = 0;
    for (int i = 0; i < 24; i++)
        hours += config->hour[i];
    if (hours < 23.99 || hours > 24.01)
        return err_set(err, ERR_REJECT, "market: hour sums to %g instead of 24", hours);
    return true;
}

bool market_config_check(const struct market_config *config, struct err *err)
{
    for (size_t i = 0; i < config_own_field_count; i++)
        if (!check_reals(&config_own_fields[i], config, err))
            return false;
    if (config->geos < 1)
        return refuse(err, "geos", "are none");
    for (size_t i = 0; i < config_list_count; i++) {
        const struct config_list *list = &config_lists[i];
        int count = *(const int *)(const void *)((const char *)config + list->count_offset);
        if (count < list->least)
            return refuse(err, list->name, "is empty");
        for (int j = 0; j < count; j++)
            for (size_t k = 0; k < list->fields; k++)
                if (!check_reals(&list->field[k],
                                 (const char *)config + list->offset + (size_t)j * list->size, err))
                    return err_context(err, "%s[%d]", list->name, j);
    }
    return check_references(config, err);
}

/* Writing */

static json_t *write_field(const struct config_field *field, const void *object)
{
    const void *member = (const char *)object + field->offset;
    switch (field->type) {
    case FIELD_TEXT:
        return json_string(member);
    case FIELD_FLAG:
        return json_boolean(*(const bool *)member);
    case FIELD_INT:
        return json_integer(*(const int *)member);
    case FIELD_MICROS:
        return json_integer(*(const int64_t *)member);
    case FIELD_CHOICE:
        return json_string(field->choices[*(const int *)member]);
    case FIELD_REAL:
        break;
    }
    const double *real = member;
    if (field->count == 1)
        return json_real(real[0]);
    json_t *list = json_array();
    for (int i = 0; i < field->count; i++)
        json_array_append_new(list, json_real(real[i]));
    return list;
}

static json_t *write_fields(const struct config_field *field, size_t count, const void *object)
{
    json_t *json = json_object();
    for (size_t i = 0; i < count; i++)
        json_object_set_new(json, field[i].name, write_field(&field[i], object));
    return json;
}

json_t *market_config_write(const struct market_config *config)
{
    json_t *json = write_fields(config_own_fields, config_own_field_count, config);
    for (size_t i = 0; i < config_list_count; i++) {
        const struct config_list *list = &config_lists[i];
        int count = *(const int *)(const void *)((const char *)config + list->count_offset);
        json_t *items = json_array();
        for (int j = 0; j < count; j++)
            json_array_append_new(
                items,
                write_fields(list->field, list->fields,
                             (const char *)config + list->offset + (size_t)j * list->size));
        json_object_set_new(json, list->name, items);
    }
    return json;
}
