/* scratch: a real Postgres for one test program, thrown away with it. */
#pragma once

#include <libpq-fe.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char scratch_folder[] = "/tmp/aelp-scratch-XXXXXX";
static char scratch_url[128]; /* as the superuser, database postgres */
static pid_t scratch_pid;

/* Ends the program with a printed reason when there is no server to be had. */
static void scratch_start(void)
{
    if (!mkdtemp(scratch_folder))
        abort();
    snprintf(scratch_url, sizeof scratch_url, "host=%s user=postgres dbname=postgres",
             scratch_folder);
    scratch_pid = fork();
    if (scratch_pid == 0) {
        execl("/bin/sh", "sh", TEST_SOURCE_DIR "/../db/scratch.sh", scratch_folder, (char *)NULL);
        _exit(126);
    }
    int status = 0;
    while (PQping(scratch_url) != PQPING_OK) {
        if (waitpid(scratch_pid, &status, WNOHANG) != 0) {
            bool absent = WIFEXITED(status) && WEXITSTATUS(status) == 77;
            printf("skipped: %s\n", absent ? "no Postgres server programs here" : "no start");
            exit(absent ? 0 : 1);
        }
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
}

static void scratch_stop(void)
{
    char command[128];
    kill(scratch_pid, SIGQUIT);
    waitpid(scratch_pid, NULL, 0);
    snprintf(command, sizeof command, "rm -rf %s", scratch_folder);
    if (system(command) != 0)
        abort();
}
