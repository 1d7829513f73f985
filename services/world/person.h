/* person: a customer as a shop's books name one: invented, but as personal as the real ones, so
 * that what must not be kept can be told from what may.
 *
 * Pure: a number is always the same person. Mail domains end in .example. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { PERSON_TEXT = 80 };

struct person {
    int64_t number;
    const char *first_name, *last_name, *street, *city, *region;
    char email[PERSON_TEXT], phone[24], address[PERSON_TEXT], postal_code[8];
};

/* People type their address as they like: loud has capitals where the usual form has none. */
void person_make(int64_t number, bool loud, struct person *ret_person);
