/* loopback: a real server on a thread of its own, and a client of plain sockets that can send it
 * anything. */
#pragma once

#include "http_server.h"

#include "checks.h"

#include "mem.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

struct loopback {
    uv_loop_t loop;
    pthread_t thread;
    struct http_server *server;
    int port;
};

static void *loopback_run(void *arg)
{
    struct loopback *loopback = arg;
    uv_run(&loopback->loop, UV_RUN_DEFAULT);
    return NULL;
}

static inline void loopback_open(struct loopback *loopback, const struct http_settings *settings)
{
    struct err err = {0};
    assert_int_equal(uv_loop_init(&loopback->loop), 0);
    if (!http_server_open(&loopback->loop, settings, &loopback->server, &err))
        fail_msg("%s", err.text);
    loopback->port = http_server_port(loopback->server);
    assert_int_equal(pthread_create(&loopback->thread, NULL, loopback_run, loopback), 0);
}

static void loopback_closed(void *arg)
{
    (void)arg; /* the loop ends by itself */
}

static void loopback_begin_close(void *arg)
{
    struct loopback *loopback = arg;
    http_server_close(loopback->server, 5000, loopback_closed, NULL);
}

/* Nothing may be left in the loop. */
static inline void loopback_close(struct loopback *loopback)
{
    http_server_post(loopback->server, loopback_begin_close, loopback);
    assert_int_equal(pthread_join(loopback->thread, NULL), 0);
    http_server_free(loopback->server);
    assert_int_equal(uv_loop_close(&loopback->loop), 0);
}

/* A socket whose reads fail after ten seconds, so that a test ends. */
static inline int loopback_connect(const struct loopback *loopback)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)loopback->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = 10};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* The server may have cut the connection already: that shows when reading. */
static inline void loopback_send_bytes(int fd, const void *data, size_t length)
{
    for (size_t sent = 0; sent < length;) {
        ssize_t now = send(fd, (const char *)data + sent, length - sent, MSG_NOSIGNAL);
        if (now < 0)
            return;
        sent += (size_t)now;
    }
}

static inline void loopback_send(int fd, const char *text)
{
    loopback_send_bytes(fd, text, strlen(text));
}

/* As recv. A loop whose ring (io_uring, libuv from 1.45 on) was made by this thread interrupts it
 * without a signal, and a socket with a time limit does not restart. */
static inline ssize_t loopback_receive(int fd, void *room, size_t length)
{
    ssize_t received;
    do
        received = recv(fd, room, length, 0);
    while (received < 0 && errno == EINTR);
    return received;
}

/* Until the end; a reset counts as an end. */
static inline void loopback_read_all(int fd, struct buffer *ret_data)
{
    char piece[4096];
    ssize_t length;
    buffer_add(ret_data, "", 0);
    while ((length = loopback_receive(fd, piece, sizeof piece)) > 0)
        buffer_add(ret_data, piece, (size_t)length);
    if (length < 0 && errno != ECONNRESET)
        fail_msg("the server did not end the connection");
}

/* Until text has come. */
static inline void loopback_read_until(int fd, const char *text, struct buffer *ret_data)
{
    char byte;
    buffer_add(ret_data, "", 0);
    while (!strstr((char *)ret_data->data, text)) {
        if (loopback_receive(fd, &byte, 1) != 1)
            fail_msg("ended before \"%s\": %s", text, (char *)ret_data->data);
        buffer_add(ret_data, &byte, 1);
    }
}

static inline size_t loopback_count(const struct buffer *data, const char *text)
{
    size_t count = 0;
    for (const char *at = (char *)data->data; (at = strstr(at, text)); at += strlen(text))
        count++;
    return count;
}

/* Sends, shuts its side, and gives everything that came back; release with buffer_done. */
static inline struct buffer loopback_ask(const struct loopback *loopback, const void *data,
                                         size_t length)
{
    struct buffer answer = {0};
    int fd = loopback_connect(loopback);
    loopback_send_bytes(fd, data, length);
    shutdown(fd, SHUT_WR);
    loopback_read_all(fd, &answer);
    close(fd);
    return answer;
}
