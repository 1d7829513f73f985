/* The extra data of a proof file: what is told lies within it, and is told the same again. */
#include "story.h"

#include "lines.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void tell(struct story story)
{
    struct story_event event;
    struct story_effect effect;
    struct bytes line;
    while (story.leaves.length > 0) {
        must(story_next_event(&story.leaves, &event));
        must(event.version.length + event.at.length + event.note.length <= UINT16_MAX);
    }
    while (line_next(&story.change, &line))
        if (story_effect(line, &effect))
            must(effect.account.length + effect.resource.length < line.length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_of(data, size), line = input;
    struct story story;
    struct story_event event;
    struct story_effect effect;
    struct err err = {0};
    if (size == 0)
        return 0;
    must(!story_effect(line, &effect) || effect.before_micros <= INT64_MAX);
    must(!story_next_event(&line, &event) || line.length < size);
    if (story_open(input, &story, &err)) {
        must(story.leaves.length + story.change.length <= size);
        tell(story);
    }
    return 0;
}
