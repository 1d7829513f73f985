/* report_fields: a source's names and forms of values, and where in a record of ours they go.
 * Inside this archive only.
 *
 * A source's JSON object is read by a table, a row a member. Unknown members and null ones are
 * passed over; a known member that comes twice is refused. */
#pragma once

#include "json.h"
#include "json_reader.h"
#include "report.h"

enum report_form {
    REPORT_FORM_NAME,   /* const char *: a text */
    REPORT_FORM_WORD,   /* const char *: a constant of the API, in lower case */
    REPORT_FORM_ID,     /* const char *: decimal digits, in a text or not */
    REPORT_FORM_COUNT,  /* int64_t: a whole number, in a text or not */
    REPORT_FORM_MICROS, /* int64_t: the same */
    REPORT_FORM_MAJORS, /* int64_t: decimal major units, to micros */
    REPORT_FORM_REAL,   /* double: a decimal number, in a text or not */
    REPORT_FORM_DAY,    /* int32_t: "2026-11-20" or "20261120" */
    REPORT_FORM_VIEW,   /* struct bytes: a text that is looked at and not kept */
    REPORT_FORM_OBJECT, /* members of its own */
    REPORT_FORM_OWN,    /* whatever `take` makes of it */
};

struct report_field {
    const char *name;
    size_t name_length;
    const char *rule; /* what is said when it is broken */
    enum report_form form;
    size_t at; /* offsetof in the record */
    const struct report_field *members;
    size_t member_count;
    void (*take)(struct json_reader *reader, void *record);
};

/* NOLINTBEGIN(bugprone-macro-parentheses): texts that are joined, a table and a function */
#define REPORT_FIELD(name_, form_, record, member)                                    \
    {                                                                                 \
        .name = name_, .name_length = sizeof(name_) - 1, .rule = name_ ": malformed", \
        .form = REPORT_FORM_##form_, .at = offsetof(struct record, member)            \
    }
#define REPORT_PART(name_, table)                                                    \
    {                                                                                \
        .name = name_, .name_length = sizeof(name_) - 1, .form = REPORT_FORM_OBJECT, \
        .members = table, .member_count = COUNT(table)                               \
    }
#define REPORT_OWN(name_, take_)                                                                \
    {                                                                                           \
        .name = name_, .name_length = sizeof(name_) - 1, .form = REPORT_FORM_OWN, .take = take_ \
    }
/* NOLINTEND(bugprone-macro-parentheses) */

/* The object that comes next, into *record. Texts that are the same as in *last, a record whose
 * texts are all set, are shared with it. */
void report_take_object(struct json_reader *reader, const struct report_field fields[],
                        size_t count, void *record, const void *last);
/* One value into its place. */
void report_take_value(struct json_reader *reader, const struct report_field *field, void *record,
                       const void *last);

/* A row of empty texts. */
struct report_row report_row_empty(void);
/* Copies the row behind the others; false: they are too many. */
bool report_add_row(struct arena *arena, struct report *report, const struct report_row *row,
                    size_t *capacity);
/* The account's currency and zone as a row has them; false: not of their form, or not the same as
 * in the rows before. Empty ones say nothing. */
bool report_same_books(struct arena *arena, struct report *report, struct bytes currency,
                       struct bytes zone);
/* Both of an account, from members of an object; false: one is absent or malformed. */
bool report_take_books(struct arena *arena, const json_t *object, const char *currency_name,
                       const char *zone_name, struct report_account *account);
