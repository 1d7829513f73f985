/* aelp-witness: remembers how large a log was and what its root was, and says so under its own
 * key. */
#include "mem.h"
#include "serve.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "Usage: aelp-witness serve --dir DIR --log-vkey VKEY... [--port PORT] [--address ADDRESS]\n"
    "       aelp-witness vkey --dir DIR\n"
    "\n"
    "  --dir DIR          key and state; made on first start, one process at a time\n"
    "  --log-vkey VKEY    verifier key of a log to cosign; may be given several times\n"
    "  --port PORT        default 8787; 0: any\n"
    "  --address ADDRESS  default 127.0.0.1\n"
    "  --name NAME        of its key; default aelp2/witness\n";

struct options {
    const char *verb, *folder, *address, *name;
    const char *log[WITNESS_LOGS_MAX];
    size_t log_count;
    int port;
};

static bool parse_port(const char *text, int *ret_port)
{
    char *end;
    long port = strtol(text, &end, 10);
    *ret_port = (int)port;
    return end != text && *end == '\0' && port >= 0 && port <= 65535;
}

static bool parse_options(int argc, char **argv, struct options *options)
{
    static const struct option known[] = {
        {"dir",              required_argument, NULL, 'd'},
        {"log-vkey",              required_argument, NULL, 'l'},
        {"port",                  required_argument, NULL, 'p'},
        {"address",required_argument, NULL, 'a'},
        {"name",               required_argument, NULL, 'n'},
        {0            },
    };
    *options = (struct options){.address = "127.0.0.1", .name = "aelp2/witness", .port = 8787};
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (option == 'd')
            options->folder = optarg;
        else if (option == 'a')
            options->address = optarg;
        else if (option == 'n')
            options->name = optarg;
        else if (option == 'l' && options->log_count < COUNT(options->log))
            options->log[options->log_count++] = optarg;
        else if (option != 'p' || !parse_port(optarg, &options->port))
            return false;
    }
    if (optind + 1 != argc || !options->folder)
        return false;
    options->verb = argv[optind];
    bool serves = strcmp(options->verb, "serve") == 0;
    return serves ? options->log_count > 0 : strcmp(options->verb, "vkey") == 0;
}

static bool print_vkey(const struct options *options, struct err *err)
{
    struct note_signer signer;
    if (!witness_key(options->folder, options->name, &signer, err))
        return false;
    struct buffer text = {0};
    note_key_format(&signer.key, &text);
    printf("%s\n", (const char *)text.data);
    buffer_done(&text);
    return true;
}

static bool open_and_serve(const struct options *options, struct err *err)
{
    static struct witness witness;
    if (!witness_open(&witness, options->folder, options->name, err))
        return false;
    for (size_t i = 0; i < options->log_count; i++)
        if (!witness_add_log(&witness, options->log[i], err))
            return false;
    return serve(&witness, options->address, options->port, err);
}

int main(int argc, char **argv)
{
    struct options options;
    struct err err = {0};
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    if (!parse_options(argc, argv, &options)) {
        fputs(usage, stderr);
        return 2;
    }
    bool good = strcmp(options.verb, "vkey") == 0 ? print_vkey(&options, &err)
                                                  : open_and_serve(&options, &err);
    if (!good)
        fprintf(stderr, "aelp-witness: %s\n", err.text);
    return good ? 0 : 1;
}
