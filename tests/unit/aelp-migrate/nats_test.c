/* The authorization block, read back as text and by nats-server itself where it is installed. */
#include "migrate.h"

#include "fleet.h"
#include "mem.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "aelp-nats-XXXXXX";
static char *conf;

static int make_conf(void **state)
{
    (void)state;
    char path[64];
    struct options options = {.secrets = folder};
    struct err err = {0};
    snprintf(path, sizeof path, "%s/conf", folder);
    fflush(stdout);
    int former = dup(STDOUT_FILENO), file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    dup2(file, STDOUT_FILENO);
    bool ok = command_nats(&options, &err);
    dup2(former, STDOUT_FILENO);
    close(former);
    conf = mem_array(1 << 17, 1);
    ok = ok && pread(file, conf, (1 << 17) - 1, 0) > 0;
    close(file);
    return ok ? 0 : -1;
}

static int drop_conf(void **state)
{
    (void)state;
    mem_free(conf);
    return 0;
}

/* The text of one user's block, until the next user; the caller frees it. */
static char *block_of(const char *name)
{
    char start[96];
    snprintf(start, sizeof start, "{ user: \"%s\"", name);
    char *from = strstr(conf, start);
    if (!from)
        return NULL;
    char *block = mem_text(from);
    char *end = strstr(block + 1, "{ user:");
    if (end)
        *end = '\0';
    return block;
}

static void every_process_has_a_user_and_no_person_has(void **state)
{
    (void)state;
    for (size_t i = 0; i < fleet_member_count; i++) {
        char *block = block_of(fleet_members[i].name);
        assert_int_equal(block != NULL, !fleet_members[i].person);
        mem_free(block);
    }
}

static void only_the_relay_may_make_streams_and_nobody_deletes_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < fleet_member_count; i++) {
        char *block = block_of(fleet_members[i].name);
        bool keeper = strcmp(fleet_members[i].name, "outbox-relay") == 0;
        if (block)
            assert_int_equal(strstr(block, "$JS.API.STREAM.CREATE") != NULL, keeper);
        mem_free(block);
    }
    assert_null(strstr(conf, "STREAM.DELETE"));
    assert_null(strstr(conf, "STREAM.PURGE"));
    assert_null(strstr(conf, "\"$JS.API.>\""));
    assert_null(strstr(conf, "\">\""));
}

static void a_service_pulls_and_acks_its_own_durables(void **state)
{
    (void)state;
    char *block = block_of("guardrail-evaluator");
    assert_non_null(strstr(block,
                           "\"$JS.API.CONSUMER.MSG.NEXT.SAGA."
                           "guardrail-evaluator_saga_proposed_all\""));
    assert_non_null(strstr(block, "\"$JS.ACK.SAGA.guardrail-evaluator_saga_proposed_all.>\""));
    assert_null(strstr(block, "budget-publisher"));
    mem_free(block);
}

/* Replies and deliveries travel through inboxes: hearing another's is hearing all it hears. */
static void an_inbox_is_heard_by_its_owner_alone(void **state)
{
    (void)state;
    assert_null(strstr(conf, "\"_INBOX.>\""));
    assert_null(strstr(conf, "\"_INBOX.*"));
    char *block = block_of("monitor");
    assert_non_null(strstr(block, "\"_INBOX.monitor.>\""));
    mem_free(block);
}

/* An empty list of nats-server allows everything. */
static void no_list_is_empty(void **state)
{
    (void)state;
    for (const char *at = conf; (at = strstr(at, "allow: [")); at++) {
        const char *quote = strchr(at, '"'), *end = strchr(at, ']');
        assert_true(quote && end && quote < end);
    }
}

static void repeated_it_keeps_the_passwords(void **state)
{
    char *first = conf;
    assert_int_equal(make_conf(state), 0);
    assert_string_equal(conf, first);
    mem_free(first);
}

static void nats_server_reads_it(void **state)
{
    (void)state;
    char command[160];
    if (system("command -v nats-server >/dev/null") != 0) {
        print_message("skipped: no nats-server here\n");
        skip();
    }
    snprintf(command, sizeof command, "nats-server -t -c %s/conf >/dev/null 2>&1", folder);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    if (!mkdtemp(folder))
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_process_has_a_user_and_no_person_has),
        cmocka_unit_test(only_the_relay_may_make_streams_and_nobody_deletes_them),
        cmocka_unit_test(a_service_pulls_and_acks_its_own_durables),
        cmocka_unit_test(an_inbox_is_heard_by_its_owner_alone),
        cmocka_unit_test(no_list_is_empty),
        cmocka_unit_test(repeated_it_keeps_the_passwords),
        cmocka_unit_test(nats_server_reads_it),
    };
    int failed = cmocka_run_group_tests(tests, make_conf, drop_conf);
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) == 0 ? failed : 1;
}
