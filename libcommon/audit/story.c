#include "story.h"

#include "lines.h"
#include "mem.h"
#include "tile.h"

#include <string.h>

static const char change_header[] = "aelp/change/v1\n";

/* A leaf's lines, all of them and in this order. */
enum line { SAGA, VERSION, FROM, TO, ROLE, PERSON, CONTENT, AT, NOTE, POLICY, PREV, LINES };

static bool read_leaf(struct bytes leaf, struct bytes ret_line[static LINES])
{
    static const char *const names[LINES] = {"saga ", "version ", "from ",    "to ",
                                             "role ", "person ",  "content ", "at ",
                                             "note ", "policy ",  "prev "};
    struct bytes line;
    if (!line_next(&leaf, &line) || !line_is(line, "aelp/event/v1"))
        return false;
    for (size_t i = 0; i < LINES; i++)
        if (!line_next(&leaf, &line) || !line_starts(line, names[i], &ret_line[i]))
            return false;
    return leaf.length == 0;
}

static bool is_hash_of(struct bytes content, struct bytes change)
{
    char hex[2 * HASH_BYTES + 1];
    struct hash hash = hash_sha256(change);
    hex_encode(hash_view(&hash), hex);
    return line_is(content, hex);
}

/* The last entry, where it is no leaf, is the change. */
static bool split(struct bytes extra, struct story *story)
{
    struct bytes rest = extra, entry = {0}, ignored;
    size_t last = 0;
    while (rest.length > 0) {
        last = extra.length - rest.length;
        if (!bundle_next(&rest, &entry))
            return false;
    }
    story->leaves = extra;
    if (line_starts(entry, change_header, &ignored)) {
        story->leaves.length = last;
        story->change = entry;
    }
    return true;
}

bool story_open(struct bytes extra, struct story *ret_story, struct err *err)
{
    struct story story = {0};
    struct bytes line[LINES], leaf;
    if (!split(extra, &story))
        return err_set(err, ERR_REJECT, "the extra data is cut short");
    struct bytes rest = story.leaves;
    for (size_t n = 1; rest.length > 0; n++) {
        if (!bundle_next(&rest, &leaf) || !read_leaf(leaf, line))
            return err_set(err, ERR_REJECT, "leaf %zu is no event of a proposal", n);
        if (n == 1) {
            story.saga = line[SAGA];
            story.content = line[CONTENT];
        }
        if (!bytes_equal(line[SAGA], story.saga) || !bytes_equal(line[CONTENT], story.content))
            return err_set(err, ERR_REJECT, "leaf %zu is about another proposal", n);
    }
    if (story.change.length > 0 && !is_hash_of(story.content, story.change))
        return err_set(err, ERR_REJECT, "the change is not the one that the leaves name");
    *ret_story = story;
    return true;
}

bool story_next_event(struct bytes *leaves, struct story_event *ret_event)
{
    struct bytes line[LINES], leaf;
    if (!bundle_next(leaves, &leaf) || !read_leaf(leaf, line))
        return false;
    *ret_event = (struct story_event){line[VERSION], line[FROM], line[TO],  line[ROLE],
                                      line[PERSON],  line[AT],   line[NOTE]};
    return true;
}

/* Takes the text up to the next space, or the rest, off `line`. */
static struct bytes next_word(struct bytes *line)
{
    const uint8_t *space = line->length ? memchr(line->data, ' ', line->length) : NULL;
    size_t length = space ? (size_t)(space - line->data) : line->length;
    struct bytes word = bytes_of(line->data, length);
    size_t used = space ? length + 1 : length;
    *line = bytes_of(line->data + used, line->length - used);
    return word;
}

bool story_effect(struct bytes line, struct story_effect *ret_effect)
{
    struct story_effect effect;
    uint64_t n;
    if (!line_starts(line, "effect ", &line) || !line_number(next_word(&line), &n))
        return false;
    effect.account = next_word(&line);
    effect.resource = next_word(&line);
    if (!line_is(next_word(&line), "daily_micros")
        || !line_number(next_word(&line), &effect.before_micros)
        || !line_number(next_word(&line), &effect.after_micros) || line.length != 3)
        return false;
    effect.currency = line;
    *ret_effect = effect;
    return true;
}

bool story_fits(struct bytes change, struct bytes leaf)
{
    struct bytes line[LINES];
    return read_leaf(leaf, line) && is_hash_of(line[CONTENT], change);
}
