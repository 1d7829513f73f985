#include "settings.h"

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELD(field) offsetof(struct settings, field)

static const struct setting table[] = {
    {"AELP2_URL",          SETTING_TEXT,   FIELD(url),          "http://127.0.0.1:7400", 0, 0, "the API"                  },
    {"AELP2_TOKEN",        SETTING_SECRET, FIELD(token),        "",                      0, 0, "yours"                    },
    {"AELP2_ADMIN_URL",    SETTING_SECRET, FIELD(admin_url),    "",                      0, 0, "Postgres, as aelp_admin"  },
    {"AELP2_CTL_URL",      SETTING_SECRET, FIELD(ctl_url),      "",                      0, 0, "Postgres, as aelp_ctl"    },
    {"AELP2_AUDITOR_URL",  SETTING_SECRET, FIELD(auditor_url),  "",                      0, 0,
     "Postgres, as aelp_auditor"                                                                                          },
    {"AELP2_LOG_VKEY",     SETTING_TEXT,   FIELD(log_vkey),     "",                      0, 0, "the audit log's key"      },
    {"AELP2_WITNESS_VKEY", SETTING_TEXT,   FIELD(witness_vkey), "",                      0, 0, "its witness's key"        },
    {"AELP2_WITNESS_URL",  SETTING_TEXT,   FIELD(witness_url),  "",                      0, 0, "where the witness listens"},
};

/* NAME=VALUE unless NAME, or NAME_FILE, or NAME without _FILE is set already. */
static void add_line(char *line)
{
    char other[80];
    char *equals = strchr(line, '=');
    line[strcspn(line, "\n")] = '\0';
    if (strncmp(line, "AELP2_", 6) != 0 || !equals)
        return;
    *equals = '\0';
    size_t length = strlen(line);
    bool file = length > 5 && strcmp(line + length - 5, "_FILE") == 0;
    snprintf(other, sizeof other, file ? "%.*s" : "%.*s_FILE", (int)(file ? length - 5 : length),
             line);
    if (!getenv(other))
        setenv(line, equals + 1, 0);
}

static void read_file(void)
{
    char path[512], line[2048];
    const char *home = getenv("XDG_CONFIG_HOME");
    if (home && *home)
        snprintf(path, sizeof path, "%s/aelp2/config", home);
    else
        snprintf(path, sizeof path, "%s/.config/aelp2/config",
                 getenv("HOME") ? getenv("HOME") : "");
    FILE *file = fopen(path, "re");
    if (!file)
        return;
    while (fgets(line, sizeof line, file))
        add_line(line);
    fclose(file);
}

bool settings_load(struct cli *cli, struct err *err)
{
    read_file();
    if (cli->flags.url)
        setenv("AELP2_URL", cli->flags.url, 1);
    return config_load(table, sizeof table / sizeof table[0], &cli->settings, err);
}
