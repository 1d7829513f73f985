#include "person.h"

#include "mem.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

static const char *const first_names[] = {
    "Olivia", "Noah",  "Emma",  "Liam",    "Amelia", "Mateo",  "Sofía", "Elijah",
    "Ava",    "Lucas", "Mia",   "Levi",    "Isla",   "Ezra",   "Chloé", "Asher",
    "Priya",  "James", "Yuki",  "Daniel",  "Fatima", "Oscar",  "Nora",  "Henry",
    "Zoë",    "Ravi",  "Grace", "Ibrahim", "Hannah", "Viktor", "Leila",
};
static const char *const last_names[] = {
    "Baker",  "O'Brien", "García", "Nguyen",  "Smith-Jones", "Kowalski", "Müller",  "Patel",
    "Harris", "Okafor",  "Rossi",  "Tanaka",  "Lindström",   "Brown",    "Dubois",  "Castillo",
    "Young",  "Haddad",  "Novak",  "Walker",  "Fernandes",   "Kim",      "McGrath", "Silva",
    "Cohen",  "Becker",  "Ahmed",  "Jackson", "Petrov",
};
static const char *const streets[] = {"Maple Street",     "5th Avenue",       "Harbor Road",
                                      "Elm Court, Apt 4", "Sunset Boulevard", "Mill Lane",
                                      "Station Square"};
static const struct {
    const char *city, *region;
    int postal_code;
} places[] = {
    {"Portland",    "OR", 97201},
    {"Austin",      "TX", 73301},
    {"Boston",      "MA", 2108 },
    {"Denver",      "CO", 80202},
    {"Chicago",     "IL", 60601},
    {"San Diego",   "CA", 92101},
    {"Miami",       "FL", 33101},
    {"Minneapolis", "MN", 55401},
};
static const char *const domains[] = {"mailbox.example", "post.example", "inbox.example",
                                      "family-mail.example", "work.example"};

/* Letters only, in the lower case of ASCII. */
static size_t add_letters(char *text, size_t at, const char *name)
{
    for (; *name && at < PERSON_TEXT / 2; name++)
        if (isalpha((unsigned char)*name) && (unsigned char)*name < 0x80)
            text[at++] = (char)tolower((unsigned char)*name);
    return at;
}

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

void person_make(int64_t number, bool loud, struct person *ret_person)
{
    uint64_t draw = mix((uint64_t)number * 0x9E3779B97F4A7C15u);
    size_t place = draw % COUNT(places), at = 0;
    *ret_person = (struct person){
        .number = number,
        .first_name = first_names[(draw >> 8) % COUNT(first_names)],
        .last_name = last_names[(draw >> 16) % COUNT(last_names)],
        .street = streets[(draw >> 24) % COUNT(streets)],
        .city = places[place].city,
        .region = places[place].region,
    };
    at = add_letters(ret_person->email, at, ret_person->first_name);
    ret_person->email[at++] = '.';
    at = add_letters(ret_person->email, at, ret_person->last_name);
    snprintf(ret_person->email + at, PERSON_TEXT - at, "%" PRId64 "@%s", number,
             domains[(draw >> 32) % COUNT(domains)]);
    for (size_t i = 0; loud && i < at; i++)
        ret_person->email[i] = (char)toupper((unsigned char)ret_person->email[i]);
    snprintf(ret_person->phone, sizeof ret_person->phone, "+1555%07" PRIu64,
             (draw >> 20) % 10000000);
    snprintf(ret_person->address, sizeof ret_person->address, "%" PRIu64 " %s",
             1 + (draw >> 40) % 990, ret_person->street);
    snprintf(ret_person->postal_code, sizeof ret_person->postal_code, "%05d",
             places[place].postal_code + (int)((draw >> 50) % 40));
}
