#include "card.h"

#include "clock.h"
#include "json.h"
#include "mem.h"
#include "mrkdwn.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Slack's: 150 in a header, 75 on a button, 2000 in a field or value, 3000 in a section or url. */
enum { header_max = 150, section_max = 3000, field_max = 2000, url_chars = 1500 };
enum { value_text = UUID_TEXT + 2 * HASH_BYTES + 1, url_text = url_chars + UUID_TEXT + 40 };

static const struct look {
    const char *state, *title;
    bool final;
} looks[] = {
    {"cleared",         "Approval needed",                     false},
    {"approved",        "Approved, waiting to be applied",     false},
    {"executing",       "Approved, being applied",             false},
    {"executed",        "Applied, being watched",              false},
    {"confirmed",       "Applied and confirmed",               true },
    {"rejected",        "Rejected",                            true },
    {"expired",         "Expired without a decision",          true },
    {"stale",           "Out of date: the account changed",    true },
    {"cancelled",       "Cancelled by its proposer",           true },
    {"blocked",         "Blocked by the guardrails",           true },
    {"failed",          "Failed: not applied",                 true },
    {"rolling_back",    "Being taken back",                    false},
    {"rolled_back",     "Taken back",                          true },
    {"rollback_failed", "Could not be taken back: look at it", true },
};

static const struct look *look_of(const char *state)
{
    for (size_t i = 0; i < COUNT(looks); i++)
        if (strcmp(looks[i].state, state) == 0)
            return &looks[i];
    return NULL;
}

bool card_is_live(const char *state)
{
    return strcmp(state, "cleared") == 0;
}

bool card_is_final(const char *state)
{
    const struct look *look = look_of(state);
    return look && look->final;
}

/* Takes both over. */
static void append(json_t *list, json_t *item)
{
    assert(item);
    json_array_append_new(list, item);
}

static json_t *plain(const char *text)
{
    return json_pack("{s:s,s:s,s:b}", "type", "plain_text", "text", text, "emoji", 0);
}

static json_t *mrkdwn(const struct buffer *text)
{
    return json_pack("{s:s,s:s%,s:b}", "type", "mrkdwn", "text", (const char *)text->data,
                     text->length, "verbatim", 1);
}

/* A section of somebody's text, with our own words before it. */
static void add_section(json_t *blocks, const char *before, const char *text)
{
    if (!text || !*text)
        return;
    struct buffer section = {0};
    buffer_add_text(&section, before);
    mrkdwn_add(&section, text, section_max - strlen(before));
    append(blocks, json_pack("{s:s,s:o}", "type", "section", "text", mrkdwn(&section)));
    buffer_done(&section);
}

static void add_field(json_t *fields, const char *name, const char *text)
{
    struct buffer field = {0};
    buffer_format(&field, "*%s*\n", name);
    mrkdwn_add(&field, text, field_max - 40);
    append(fields, mrkdwn(&field));
    buffer_done(&field);
}

static void add_fields(json_t *blocks, const struct card *card)
{
    json_t *fields = json_array();
    char text[CLOCK_TEXT], approvals[48];
    snprintf(approvals, sizeof approvals, "%" PRId32 " of %" PRId32, card->approvals, card->quorum);
    clock_text(card->expires_micros, text);
    snprintf(text + 16, sizeof text - 16, " UTC"); /* to the minute */
    text[10] = ' ';
    add_field(fields, "Approvals", approvals);
    if (!card_is_final(card->state))
        add_field(fields, "Expires", text);
    add_field(fields, "Proposed by", card->proposer);
    add_field(fields, "Mode", card->mode);
    if (card->accounts)
        add_field(fields, "Account", card->accounts);
    append(blocks, json_pack("{s:s,s:o}", "type", "section", "fields", fields));
}

static void add_ids(json_t *blocks, const struct card *card)
{
    char saga[UUID_TEXT], request[UUID_TEXT], content[2 * HASH_BYTES + 1];
    uuid_text(&card->saga, saga);
    uuid_text(&card->request, request);
    hex_encode(hash_view(&card->content), content);
    struct buffer text = {0};
    buffer_format(&text, "`%s` · request `%s` · hash `%.12s`", saga, request, content);
    append(blocks, json_pack("{s:s,s:[o]}", "type", "context", "elements", mrkdwn(&text)));
    buffer_done(&text);
}

static json_t *button(const char *text, const char *action, const char *value, const char *style)
{
    json_t *made = json_pack("{s:s,s:o,s:s,s:s}", "type", "button", "text", plain(text),
                             "action_id", action, "value", value);
    if (style)
        json_object_set_new(made, "style", json_string(style));
    return made;
}

static void card_value(const struct uuid *saga, const struct hash *content,
                       char value[static value_text])
{
    uuid_text(saga, value);
    value[UUID_TEXT - 1] = ' ';
    hex_encode(hash_view(content), value + UUID_TEXT);
}

static void add_buttons(json_t *blocks, const struct card *card, const char *public_url)
{
    char value[value_text], saga[UUID_TEXT], url[url_text];
    json_t *elements = json_array();
    card_value(&card->saga, &card->content, value);
    if (card_is_live(card->state)) {
        append(elements, button("Approve", "approve", value, "primary"));
        append(elements, button("Reject…", "reject", value, "danger"));
    }
    uuid_text(&card->saga, saga);
    snprintf(url, sizeof url, "%.*s/approvals/%s", url_chars, public_url, saga);
    json_t *open = button("Open", "open", value, NULL);
    json_object_set_new(open, "url", json_string(url));
    append(elements, open);
    append(
        blocks,
        json_pack("{s:s,s:s,s:o}", "type", "actions", "block_id", "decide", "elements", elements));
}

/* Takes blocks over. */
static void write_message(const struct card_place *place, const char *text, json_t *blocks,
                          struct buffer *ret_body)
{
    OWNED(json_t) *body = json_pack("{s:s,s:s,s:o,s:b,s:b}", "channel", place->channel, "text",
                                    text, "blocks", blocks, "unfurl_links", 0, "unfurl_media", 0);
    assert(body);
    if (place->ts)
        json_object_set_new(body, "ts", json_string(place->ts));
    json_write(body, ret_body);
}

/* A state of a later release has no look of its own: its name is shown. */
static void write_title(const struct card *card, char title[static header_max])
{
    const struct look *look = look_of(card->state);
    snprintf(title, header_max, "%.60s · %.60s", look ? look->title : card->state, card->kind);
}

void card_write(const struct card *card, const struct card_place *place, struct buffer *ret_body)
{
    json_t *blocks = json_array();
    struct buffer fallback = {0};
    char title[header_max];
    write_title(card, title);
    append(blocks, json_pack("{s:s,s:o}", "type", "header", "text", plain(title)));
    add_section(blocks, "", card->headline);
    add_section(blocks, ">", card->note);
    add_fields(blocks, card);
    add_section(blocks, "", card->checks);
    if (card->decisions)
        append(blocks,
               json_pack("{s:s,s:{s:s,s:s,s:b}}", "type", "section", "text", "type", "mrkdwn",
                         "text", card->decisions, "verbatim", 1));
    add_section(blocks, "*Why:* ", card->reason);
    add_ids(blocks, card);
    add_buttons(blocks, card, place->public_url);

    buffer_format(&fallback, "%s: ", title);
    mrkdwn_add(&fallback, card->headline, section_max - header_max);
    write_message(place, (const char *)fallback.data, blocks, ret_body);
    buffer_done(&fallback);
}

void card_write_digest(int64_t count, const struct card_place *place, struct buffer *ret_body)
{
    struct buffer text = {0};
    if (count > 0)
        buffer_format(&text,
                      "%" PRId64
                      " more proposal%s for approval: <%.*s/approvals|decide them on the "
                      "dashboard>. Each gets its card here when there is room.",
                      count, count == 1 ? " waits" : "s wait", url_chars, place->public_url);
    else
        buffer_add_text(&text, "No more proposals wait beside the cards above.");
    json_t *blocks = json_pack("[{s:s,s:o}]", "type", "section", "text", mrkdwn(&text));
    write_message(place, (const char *)text.data, blocks, ret_body);
    buffer_done(&text);
}

void card_write_working(const char *slack_user, struct buffer *ret_body)
{
    char text[120];
    snprintf(text, sizeof text, "Working… (asked by <@%.64s>)", slack_user);
    OWNED(json_t) *body =
        json_pack("{s:b,s:s,s:[{s:s,s:{s:s,s:s}}]}", "replace_original", 1, "text", text, "blocks",
                  "type", "section", "text", "type", "mrkdwn", "text", text);
    json_write(body, ret_body);
}

void card_write_reason_view(const char *trigger_id, const struct uuid *saga,
                            const struct hash *content, struct buffer *ret_body)
{
    char value[value_text];
    card_value(saga, content, value);
    json_t *input = json_pack("{s:s,s:s,s:o,s:{s:s,s:s,s:b,s:i,s:i}}", "type", "input", "block_id",
                              "reason", "label", plain("Why? Everybody will see it."), "element",
                              "type", "plain_text_input", "action_id", "reason", "multiline", 1,
                              "min_length", 3, "max_length", 2000);
    OWNED(json_t) *body =
        json_pack("{s:s,s:{s:s,s:s,s:s,s:o,s:o,s:o,s:[o]}}", "trigger_id", trigger_id, "view",
                  "type", "modal", "callback_id", "reject", "private_metadata", value, "title",
                  plain("Reject this change"), "submit", plain("Reject"), "close", plain("Back"),
                  "blocks", input);
    assert(body);
    json_write(body, ret_body);
}

static void write_done(const struct notice *notice, struct buffer *ret_text)
{
    char at[CLOCK_TEXT];
    const char *verdict = notice->verdict;
    clock_text(notice->at_micros, at);
    at[10] = ' ';
    buffer_format(ret_text, "*You %s this* %s, %.16s UTC:\n",
                  strcmp(verdict, "approve") == 0      ? "approved"
                      : strcmp(verdict, "reject") == 0 ? "rejected"
                                                       : "withdrew your approval of",
                  strcmp(notice->surface, "aelp_gateway") == 0 ? "on the web or by the command line"
                                                               : notice->surface,
                  at);
    mrkdwn_add(ret_text, notice->headline, section_max - ret_text->length);
}

void card_write_notice(const struct notice *notice, struct buffer *ret_body)
{
    char value[UUID_TEXT + 24];
    BUFFER text = {0};
    uuid_text(&notice->saga, value);
    snprintf(value + UUID_TEXT - 1, sizeof value - UUID_TEXT + 1, " %" PRId64, notice->decision);
    write_done(notice, &text);
    json_t *not_me = button("Not me", "disown", value, "danger");
    json_object_set_new(
        not_me, "confirm",
        json_pack("{s:o,s:o,s:o,s:o}", "title", plain("Was it not you?"), "text",
                  plain("The proposal is rejected if it has not begun, and everything is frozen "
                        "until two people resume."),
                  "confirm", plain("Not me"), "deny", plain("It was me")));
    json_t *blocks =
        json_pack("[{s:s,s:o},{s:s,s:s,s:[o]}]", "type", "section", "text", mrkdwn(&text), "type",
                  "actions", "block_id", "disown", "elements", not_me);
    const struct card_place place = {.channel = notice->slack_user};
    write_message(&place, (const char *)text.data, blocks, ret_body);
}

void card_write_outcome(const char *sentence, struct buffer *ret_body)
{
    BUFFER text = {0};
    buffer_add_text(&text, "You said that it was not you: ");
    mrkdwn_add(&text, sentence, section_max - text.length);
    OWNED(json_t) *body =
        json_pack("{s:b,s:s,s:[{s:s,s:o}]}", "replace_original", 1, "text", (const char *)text.data,
                  "blocks", "type", "section", "text", mrkdwn(&text));
    assert(body);
    json_write(body, ret_body);
}

void card_refusal(const char *sentence, const char *public_url, struct buffer *ret_text)
{
    static const struct {
        const char *begins, *help, *path;
    } helps[] = {
        {"this Slack user is not linked",   "Link it once, signed in on the dashboard",    "/settings" },
        {"this Slack request is not fresh", "Press the button again, or decide at",        "/approvals"},
        {"you approved it already",         NULL,                                          NULL        },
        {"you",                             "Somebody else who may can do it, here or at", "/approvals"},
        {"it changed",                      "Look at what it is now",                      "/approvals"},
    };
    buffer_add_text(ret_text, "Not done: ");
    mrkdwn_add(ret_text, sentence, section_max / 2);
    buffer_add_text(ret_text, ".");
    for (size_t i = 0; i < COUNT(helps); i++) {
        if (strncmp(sentence, helps[i].begins, strlen(helps[i].begins)) != 0)
            continue;
        if (helps[i].help)
            buffer_format(ret_text, " %s: %.*s%s", helps[i].help, url_chars, public_url,
                          helps[i].path);
        return;
    }
}

void card_write_whisper(const char *text, const char *channel, const char *user,
                        struct buffer *ret_body)
{
    OWNED(json_t) *body = json_pack("{s:s}", "text", text);
    assert(body);
    if (channel) {
        json_object_set_new(body, "channel", json_string(channel));
        json_object_set_new(body, "user", json_string(user));
    } else {
        json_object_set_new(body, "response_type", json_string("ephemeral"));
        json_object_set_new(body, "replace_original", json_false());
    }
    json_write(body, ret_body);
}

void card_share_room(int64_t live, int64_t waiting, int64_t cards_max, int64_t *ret_post,
                     int64_t *ret_digest)
{
    int64_t room = live < cards_max ? cards_max - live : 0;
    *ret_post = waiting < room ? waiting : room;
    *ret_digest = waiting - *ret_post;
}
