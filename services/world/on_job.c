#include "on_job.h"

#include <assert.h>

struct working {
    uv_work_t work;
    struct reply *reply;
    void (*done)(void *arg);
    void *arg;
};

static void run(uv_work_t *work)
{
    struct working *working = work->data;
    struct reply *reply = working->reply;
    reply->job.run(reply->job.arg, reply);
}

static void on_done(uv_work_t *work, int status)
{
    struct working *working = work->data;
    const struct job *job = &working->reply->job;
    assert(status == 0);
    job->done(job->arg);
    working->done(working->arg);
    mem_free(working);
}

void job_begin(uv_loop_t *loop, struct reply *reply, void (*done)(void *arg), void *arg)
{
    struct working *working = mem_new(sizeof *working);
    working->reply = reply;
    working->done = done;
    working->arg = arg;
    working->work.data = working;
    int status = uv_queue_work(loop, &working->work, run, on_done);
    assert(status == 0);
}
