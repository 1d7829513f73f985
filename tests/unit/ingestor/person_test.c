/* One person is one key however they write themselves; other people and other secrets have others.
 */
#include "person.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t secret[HASH_BYTES] = "0123456789abcdef0123456789abcde";
static const uint8_t other_secret[HASH_BYTES] = "x123456789abcdef0123456789abcde";

static struct hash key_of(const uint8_t *with, struct person person)
{
    struct hash hash;
    assert_true(person_key(bytes_of(with, HASH_BYTES), &person, &hash));
    return hash;
}

static bool same(struct person a, struct person b)
{
    struct hash x = key_of(secret, a), y = key_of(secret, b);
    return hash_equal(&x, &y);
}

static void the_same_address_is_the_same_person_in_every_shop(void **state)
{
    struct person ann = {"shop/a", "Ann@Shop.Example", "", "17"};
    (void)state;
    assert_true(same(ann, (struct person){"shop/b", " ann@shop.example ", "+15551234567", "9"}));
    assert_false(same(ann, (struct person){"shop/a", "anna@shop.example", "", "17"}));
}

static void a_phone_counts_where_there_is_no_address(void **state)
{
    struct person bob = {"shop/a", "", "+1 (555) 123-4567", "17"};
    (void)state;
    assert_true(same(bob, (struct person){"shop/b", "no address", "0015551234567", ""}));
    assert_false(same(bob, (struct person){"shop/a", "", "+1 (555) 123-4568", "17"}));
}

static void a_shop_s_own_number_counts_there_alone(void **state)
{
    struct person cyd = {"shop/a", "", "", "17"};
    (void)state;
    assert_true(same(cyd, (struct person){"shop/a", "", "12", "17"}));
    assert_false(same(cyd, (struct person){"shop/b", "", "", "17"}));
    assert_false(same(cyd, (struct person){"shop/a", "", "", "18"}));
}

static void nobody_known_has_no_key(void **state)
{
    struct hash hash;
    (void)state;
    assert_false(person_key(bytes_of(secret, HASH_BYTES),
                            &(struct person){"shop/a", "nobody", "12", ""}, &hash));
}

static void another_secret_gives_other_keys(void **state)
{
    struct person ann = {"shop/a", "ann@shop.example", "", ""};
    struct hash x = key_of(secret, ann), y = key_of(other_secret, ann);
    (void)state;
    assert_false(hash_equal(&x, &y));
}

static void an_endless_address_is_cut_and_no_overrun(void **state)
{
    char address[1000];
    struct hash hash;
    (void)state;
    memset(address, 'a', sizeof address);
    address[10] = '@';
    address[sizeof address - 1] = '\0';
    assert_true(person_key(bytes_of(secret, HASH_BYTES),
                           &(struct person){"shop/a", address, "", ""}, &hash));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_address_is_the_same_person_in_every_shop),
        cmocka_unit_test(a_phone_counts_where_there_is_no_address),
        cmocka_unit_test(a_shop_s_own_number_counts_there_alone),
        cmocka_unit_test(nobody_known_has_no_key),
        cmocka_unit_test(another_secret_gives_other_keys),
        cmocka_unit_test(an_endless_address_is_cut_and_no_overrun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
