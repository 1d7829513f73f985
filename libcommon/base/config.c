/* config: a bad setting's reason goes into one list, and the list is the error. */
#include "config.h"

#include "bytes.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { name_max = 128, secret_bytes_max = 64 * 1024 };

/* An empty variable counts as unset: that is how compose files and unit files unset one. */
static const char *environment(const char *name)
{
    const char *text = getenv(name);
    return text && *text ? text : NULL;
}

/* As libpq has it for key files: ours alone, or root's and readable by our group, which is how
 * Kubernetes mounts a secret for a process that isn't root. */
static bool too_open(const struct stat *status)
{
    mode_t refused = status->st_uid == 0 ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO;
    return (status->st_mode & refused) != 0;
}

static bool read_secret(int file, const char *path, const char **ret_text, struct err *err)
{
    struct stat status;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
        return err_set(err, ERR_FATAL, "%s is not a regular file", path);
    if (too_open(&status))
        return err_set(err, ERR_FATAL, "%s has mode %04o, others can read it: chmod 600", path,
                       (unsigned)status.st_mode & 07777);

    char *text = mem_new(secret_bytes_max + 1);
    ssize_t length = read(file, text, secret_bytes_max + 1);
    if (length > 0 && text[length - 1] == '\n')
        text[--length] = '\0';
    const char *reason = length < 0      ? strerror(errno)
        : length == 0                    ? "empty"
        : length > secret_bytes_max      ? "more than 64 KiB"
        : strlen(text) != (size_t)length ? "a NUL inside"
                                         : NULL;
    if (!reason)
        *ret_text = mem_text(text);
    mem_free(text);
    return !reason || err_set(err, ERR_FATAL, "%s: %s", path, reason);
}

static bool load_secret_file(const char *path, const char **ret_text, struct err *err)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return err_set(err, ERR_FATAL, "%s: %s", path, strerror(errno));
    bool read = read_secret(file, path, ret_text, err);
    close(file);
    return read;
}

/* The setting's text from wherever it stands; NULL if it is nowhere and has no default. */
static bool find_text(const struct setting *setting, const char **ret_text, struct err *err)
{
    const char *text = environment(setting->name);
    if (setting->type == SETTING_SECRET) {
        char file_name[name_max];
        snprintf(file_name, sizeof file_name, "%s_FILE", setting->name);
        const char *path = environment(file_name);
        if (path && text)
            return err_set(err, ERR_FATAL, "set together with %s", file_name);
        if (path)
            return load_secret_file(path, ret_text, err);
    }
    *ret_text = text ? text : setting->default_text;
    return true;
}

static bool parse_int(const struct setting *setting, const char *text, int64_t *ret_number)
{
    const char *digits = text + (*text == '-');
    char *end = NULL;
    errno = 0;
    int64_t number = strtoll(text, &end, 10);
    if (*digits < '0' || *digits > '9' || *end || errno || number < setting->min
        || number > setting->max)
        return false;
    *ret_number = number;
    return true;
}

static bool parse_flag(const char *text, bool *ret_flag)
{
    bool on = strcmp(text, "1") == 0 || strcmp(text, "true") == 0;
    if (!on && strcmp(text, "0") != 0 && strcmp(text, "false") != 0)
        return false;
    *ret_flag = on;
    return true;
}

static bool load(const struct setting *setting, void *field, struct err *err)
{
    const char *text = NULL;
    if (!find_text(setting, &text, err))
        return false;
    if (!text)
        return err_set(err, ERR_FATAL, "required%s",
                       setting->type == SETTING_SECRET ? ", here or in a file (_FILE)" : "");
    switch (setting->type) {
    case SETTING_TEXT:
    case SETTING_SECRET:
        *(const char **)field = text;
        return true;
    case SETTING_INT:
        return parse_int(setting, text, field)
            || err_set(err, ERR_FATAL, "\"%.40s\" is not a whole number in %" PRId64 "..%" PRId64,
                       text, setting->min, setting->max);
    case SETTING_FLAG:
        return parse_flag(text, field)
            || err_set(err, ERR_FATAL, "\"%.40s\" is none of 1, true, 0, false", text);
    }
    abort();
}

bool config_load(const struct setting settings[], size_t count, void *config, struct err *err)
{
    BUFFER faults = {0};
    for (size_t i = 0; i < count; i++) {
        struct err fault = {0};
        if (!load(&settings[i], (char *)config + settings[i].offset, &fault))
            buffer_format(&faults, "%s%s: %s", faults.length ? "; " : "", settings[i].name,
                          fault.text);
    }
    if (faults.length == 0)
        return true;
    return err_set(err, ERR_FATAL, "bad settings: %s", (const char *)faults.data);
}

static void print_allowed(const struct setting *setting)
{
    char allowed[64] = "text";
    if (setting->type == SETTING_INT)
        snprintf(allowed, sizeof allowed, "%" PRId64 "..%" PRId64, setting->min, setting->max);
    else if (setting->type == SETTING_FLAG)
        snprintf(allowed, sizeof allowed, "true or false");
    else if (setting->type == SETTING_SECRET)
        snprintf(allowed, sizeof allowed, "secret, or _FILE");
    printf(" %-24s", allowed);
}

void config_print_help(const struct setting settings[], size_t count)
{
    printf("%-32s %-24s %-24s %s\n", "SETTING", "ALLOWED", "DEFAULT", "MEANING");
    for (size_t i = 0; i < count; i++) {
        const struct setting *setting = &settings[i];
        const char *shown = !setting->default_text ? "(required)"
            : setting->type == SETTING_SECRET      ? "***"
                                                   : setting->default_text;
        printf("%-32s", setting->name);
        print_allowed(setting);
        printf(" %-24s %s\n", shown, setting->help ? setting->help : "");
    }
}
