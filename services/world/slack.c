#include "slack.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *id, *name;
} channels[] = {
    {"C0GROWTH01", "growth-approvals"},
    {"C0ALERTS01", "growth-alerts"   },
    {"C0RANDOM01", "random"          },
};

static const struct {
    const char *id, *name, *real_name;
    bool bot;
} users[] = {
    {"U0ALICE001", "alice", "Alice Martin", false},
    {"U0BOB00001", "bob",   "Bob Chen",     false},
    {"U0CAROL001", "carol", "Carol Diaz",   false},
    {"U0DAVE0001", "dave",  "Dave Novak",   false},
    {"U0AELPBOT1", "aelp2", "AELP2",        true },
};

void slack_open(struct slack *slack, uint64_t seed)
{
    faults_init(&slack->faults, seed);
    slack->texts = arena_new();
    slack->views = json_array();
    slack->full_at_micros = mem_array(COUNT(channels), sizeof *slack->full_at_micros);
}

void slack_close(struct slack *slack)
{
    for (size_t i = 0; i < slack->message_count; i++)
        json_decref(slack->messages[i].body);
    json_decref(slack->views);
    arena_free(slack->texts);
    mem_free(slack->messages);
    mem_free(slack->clicks);
    mem_free(slack->full_at_micros);
}

const char *slack_channel_id(const char *name)
{
    for (size_t i = 0; i < COUNT(channels); i++)
        if (strcmp(channels[i].id, name) == 0
            || strcmp(channels[i].name, name + (*name == '#')) == 0)
            return channels[i].id;
    for (size_t i = 0; i < COUNT(users); i++) /* a direct message */
        if (strcmp(users[i].id, name) == 0)
            return users[i].id;
    return NULL;
}

json_t *slack_user_json(const char *id)
{
    char email[64];
    for (size_t i = 0; i < COUNT(users); i++) {
        if (strcmp(users[i].id, id) != 0)
            continue;
        snprintf(email, sizeof email, "%s@demo.example", users[i].name);
        return json_pack("{s:s,s:s,s:s,s:s,s:b,s:b,s:s,s:{s:s,s:s,s:s}}", "id", users[i].id,
                         "team_id", "T0DEMO0001", "name", users[i].name, "real_name",
                         users[i].real_name, "deleted", 0, "is_bot", users[i].bot, "tz",
                         "America/New_York", "profile", "email", email, "display_name",
                         users[i].name, "real_name", users[i].real_name);
    }
    return NULL;
}

static bool parse_ts(const char *ts, int64_t *ret_micros)
{
    if (strlen(ts) != 17 || ts[10] != '.' || strspn(ts, "0123456789.") != 17)
        return false;
    *ret_micros = strtoll(ts, NULL, 10) * 1000000 + strtoll(ts + 11, NULL, 10);
    return true;
}

int64_t *slack_channel_bucket(struct slack *slack, const char *channel)
{
    for (size_t i = 0; i < COUNT(channels); i++)
        if (strcmp(channels[i].id, channel) == 0)
            return &slack->full_at_micros[i];
    return NULL;
}

struct slack_message *slack_message_at(struct slack *slack, int64_t ts_micros)
{
    size_t low = 0, high = slack->message_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slack->messages[middle].ts_micros < ts_micros)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < slack->message_count && slack->messages[low].ts_micros == ts_micros;
    return found ? &slack->messages[low] : NULL;
}

struct slack_message *slack_find_message(struct slack *slack, const char *channel, const char *ts)
{
    int64_t micros;
    if (!channel || !ts || !parse_ts(ts, &micros))
        return NULL;
    struct slack_message *message = slack_message_at(slack, micros);
    return message && strcmp(message->channel, channel) == 0 ? message : NULL;
}

struct slack_message *slack_add_message(struct slack *slack, const char *channel,
                                        const char *only_for, json_t *body, int64_t now_micros)
{
    char ts[32];
    if (now_micros <= slack->last_ts_micros)
        now_micros = slack->last_ts_micros + 1;
    slack->last_ts_micros = now_micros;
    if (slack->message_count == slack->message_capacity) {
        slack->message_capacity = slack->message_capacity ? slack->message_capacity * 2 : 64;
        slack->messages =
            mem_grow(slack->messages, slack->message_capacity, sizeof *slack->messages);
    }
    snprintf(ts, sizeof ts, "%010" PRId64 ".%06" PRId64, now_micros / 1000000,
             now_micros % 1000000);
    json_object_set_new(body, "ts", json_string(ts));
    struct slack_message *message = &slack->messages[slack->message_count++];
    *message = (struct slack_message){
        .ts_micros = now_micros,
        .channel = channel,
        .only_for = arena_text(slack->texts, only_for, strlen(only_for)),
        .body = body,
    };
    return message;
}

struct slack_click *slack_add_click(struct slack *slack, int64_t ts_micros, const char *user,
                                    int64_t now_micros, size_t *ret_number)
{
    if (slack->click_count == slack->click_capacity) {
        slack->click_capacity = slack->click_capacity ? slack->click_capacity * 2 : 64;
        slack->clicks = mem_grow(slack->clicks, slack->click_capacity, sizeof *slack->clicks);
    }
    struct slack_click *click = &slack->clicks[slack->click_count++];
    *click = (struct slack_click){
        .at_micros = now_micros,
        .ts_micros = ts_micros,
        .user = arena_text(slack->texts, user, strlen(user)),
    };
    *ret_number = slack->click_count;
    return click;
}

void slack_write_messages(const struct slack *slack, size_t after, size_t limit, struct buffer *out)
{
    for (size_t i = after; i < slack->message_count && i - after < limit; i++) {
        const struct slack_message *message = &slack->messages[i];
        json_t *line =
            json_pack("{s:I,s:s,s:s,s:O*}", "id", (json_int_t)i + 1, "channel", message->channel,
                      "only_for", message->only_for, "message", message->body);
        assert(line);
        char *text = json_dumps(line, JSON_COMPACT);
        buffer_add_text(out, text);
        buffer_add(out, "\n", 1);
        mem_free(text);
        json_decref(line);
    }
}
