/* Settings from the environment and from secret files, and every reason to refuse one. */
#include "config.h"
#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct pacing_config {
    const char *url, *token;
    int64_t batch;
    bool dry_run;
} config; /* static: its texts live until the process ends */

#define FIELD(name) offsetof(struct pacing_config, name)

static const struct setting settings[] = {
    {"T_URL",     SETTING_TEXT,   FIELD(url),     "nats://here", 0, 0,    "the bus"      },
    {"T_TOKEN",   SETTING_SECRET, FIELD(token),   NULL,          0, 0,    "who we are"   },
    {"T_BATCH",   SETTING_INT,    FIELD(batch),   "64",          1, 4650, "how many"     },
    {"T_DRY_RUN", SETTING_FLAG,   FIELD(dry_run), "false",       0, 0,    "say, don't do"},
};

static char secret_path[] = "aelp-config-XXXXXX";

/* For the tests that load a file; a text from the environment is not ours to release. */
static void release_token(void)
{
    mem_free((char *)(uintptr_t)config.token);
}

static int forget(void **state)
{
    (void)state;
    config = (struct pacing_config){0};
    for (size_t i = 0; i < COUNT(settings); i++)
        unsetenv(settings[i].name);
    unsetenv("T_TOKEN_FILE");
    return 0;
}

static void assert_refused(const char *reason)
{
    struct err err = {0};
    assert_false(config_load(settings, COUNT(settings), &config, &err));
    assert_int_equal(err.kind, ERR_FATAL);
    assert_string_equal(err.text, reason);
}

static void assert_loads(void)
{
    struct err err = {0};
    bool loaded = config_load(settings, COUNT(settings), &config, &err);
    assert_string_equal(err.text, "");
    assert_true(loaded);
}

static void write_secret(const char *text, size_t length, mode_t mode)
{
    FILE *file = fopen(secret_path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    fclose(file);
    assert_int_equal(chmod(secret_path, mode), 0);
    setenv("T_TOKEN_FILE", secret_path, 1);
}

static void defaults_stand_until_a_variable_says_otherwise(void **state)
{
    (void)state;
    setenv("T_TOKEN", "s3cret", 1);
    assert_loads();
    assert_string_equal(config.url, "nats://here");
    assert_string_equal(config.token, "s3cret");
    assert_int_equal(config.batch, 64);
    assert_false(config.dry_run);

    setenv("T_URL", "nats://there", 1);
    setenv("T_BATCH", "4650", 1);
    setenv("T_DRY_RUN", "1", 1);
    assert_loads();
    assert_string_equal(config.url, "nats://there");
    assert_int_equal(config.batch, 4650);
    assert_true(config.dry_run);
}

static void an_empty_variable_is_an_unset_one(void **state)
{
    (void)state;
    setenv("T_TOKEN", "s3cret", 1);
    setenv("T_BATCH", "", 1);
    assert_loads();
    assert_int_equal(config.batch, 64);
    setenv("T_TOKEN", "", 1);
    assert_refused("bad settings: T_TOKEN: required, here or in a file (_FILE)");
}

static void all_bad_settings_are_named_at_once(void **state)
{
    (void)state;
    setenv("T_BATCH", "4651", 1);
    setenv("T_DRY_RUN", "yes", 1);
    assert_refused("bad settings: T_TOKEN: required, here or in a file (_FILE); "
                   "T_BATCH: \"4651\" is not a whole number in 1..4650; "
                   "T_DRY_RUN: \"yes\" is none of 1, true, 0, false");
}

static void only_a_whole_number_is_a_number(void **state)
{
    (void)state;
    static const char *const refused[] = {"0",  "-1", "x",   "7x",  "+7",
                                          " 7", "7 ", "1e3", "0x7", "99999999999999999999"};
    setenv("T_TOKEN", "s3cret", 1);
    for (size_t i = 0; i < COUNT(refused); i++) {
        char reason[120];
        setenv("T_BATCH", refused[i], 1);
        snprintf(reason, sizeof reason,
                 "bad settings: T_BATCH: \"%s\" is not a whole number in 1..4650", refused[i]);
        assert_refused(reason);
    }
}

static void a_secret_file_gives_its_content_without_one_newline(void **state)
{
    (void)state;
    write_secret("line\nlast\n\n", 11, 0600);
    assert_loads();
    assert_string_equal(config.token, "line\nlast\n");
    release_token();
}

static void an_open_secret_file_is_refused(void **state)
{
    (void)state;
    static const mode_t modes[] = {0604, 0620, 0666, 0601};
    for (size_t i = 0; i < COUNT(modes); i++) {
        char reason[200];
        write_secret("s3cret", 6, modes[i]);
        snprintf(reason, sizeof reason,
                 "bad settings: T_TOKEN: %s has mode %04o, others can read it: chmod 600",
                 secret_path, (unsigned)modes[i]);
        assert_refused(reason);
    }
}

static void the_group_may_read_a_file_of_root_only(void **state)
{
    (void)state;
    write_secret("s3cret", 6, 0640);
    if (getuid() == 0) {
        assert_loads();
        release_token();
        assert_int_equal(chown(secret_path, 4650, (gid_t)-1), 0);
    }
    char reason[200];
    snprintf(reason, sizeof reason,
             "bad settings: T_TOKEN: %s has mode 0640, others can read it: chmod 600", secret_path);
    assert_refused(reason);
}

static void a_secret_file_that_is_no_secret_is_refused(void **state)
{
    (void)state;
    static char large[65 * 1024];
    memset(large, 'x', sizeof large);
    const struct {
        const char *content;
        size_t length;
        const char *reason;
    } cases[] = {
        {"",     0,            "empty"           },
        {"\n",   1,            "empty"           },
        {"a\0b", 3,            "a NUL inside"    },
        {large,  sizeof large, "more than 64 KiB"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char reason[200];
        write_secret(cases[i].content, cases[i].length, 0600);
        snprintf(reason, sizeof reason, "bad settings: T_TOKEN: %s: %s", secret_path,
                 cases[i].reason);
        assert_refused(reason);
    }
    setenv("T_TOKEN_FILE", "/nowhere/token", 1);
    assert_refused("bad settings: T_TOKEN: /nowhere/token: No such file or directory");
    setenv("T_TOKEN_FILE", "/tmp", 1);
    assert_refused("bad settings: T_TOKEN: /tmp is not a regular file");
}

static void a_secret_given_twice_is_refused(void **state)
{
    (void)state;
    write_secret("s3cret", 6, 0600);
    setenv("T_TOKEN", "other", 1);
    assert_refused("bad settings: T_TOKEN: set together with T_TOKEN_FILE");
}

static void help_shows_every_setting_and_no_secret(void **state)
{
    (void)state;
    static const struct setting shown[] = {
        {"T_KEY",   SETTING_SECRET, FIELD(token), "hunter2", 0, 0,    "the key" },
        {"T_BATCH", SETTING_INT,    FIELD(batch), NULL,      1, 4650, "how many"},
    };
    char path[] = "aelp-help-XXXXXX", text[1000] = "";
    int file = mkstemp(path), kept = dup(STDOUT_FILENO);
    fflush(stdout);
    dup2(file, STDOUT_FILENO);
    config_print_help(shown, COUNT(shown));
    fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    assert_true(pread(file, text, sizeof text - 1, 0) > 0);
    close(file);
    close(kept);
    unlink(path);
    assert_non_null(strstr(text, "T_KEY"));
    assert_non_null(strstr(text, "***"));
    assert_non_null(strstr(text, "1..4650"));
    assert_non_null(strstr(text, "(required)"));
    assert_non_null(strstr(text, "how many"));
    assert_null(strstr(text, "hunter2"));
}

int main(void)
{
    close(mkstemp(secret_path));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(defaults_stand_until_a_variable_says_otherwise, forget),
        cmocka_unit_test_setup(an_empty_variable_is_an_unset_one, forget),
        cmocka_unit_test_setup(all_bad_settings_are_named_at_once, forget),
        cmocka_unit_test_setup(only_a_whole_number_is_a_number, forget),
        cmocka_unit_test_setup(a_secret_file_gives_its_content_without_one_newline, forget),
        cmocka_unit_test_setup(an_open_secret_file_is_refused, forget),
        cmocka_unit_test_setup(a_secret_file_that_is_no_secret_is_refused, forget),
        cmocka_unit_test_setup(a_secret_given_twice_is_refused, forget),
        cmocka_unit_test_setup(help_shows_every_setting_and_no_secret, forget),
        cmocka_unit_test_setup(the_group_may_read_a_file_of_root_only, forget),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(secret_path);
    return failed;
}
