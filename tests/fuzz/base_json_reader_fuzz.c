/* A walk takes what jansson takes and nothing else, but for what json_reader.h says. */
#include "json_reader.h"

#include "json.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every value is taken, none skipped. */
static void walk(struct json_reader *reader)
{
    struct bytes text;
    bool open = false;
    switch (json_reader_next(reader)) {
    case JSON_NEXT_OBJECT:
        open = json_reader_object(reader);
        while (open && json_reader_member(reader, &text))
            walk(reader);
        break;
    case JSON_NEXT_ARRAY:
        open = json_reader_array(reader);
        while (open && json_reader_item(reader))
            walk(reader);
        break;
    case JSON_NEXT_TEXT:
        text = json_reader_text(reader);
        assert(!memchr(text.length ? text.data : (const uint8_t *)"x", '\0', text.length));
        break;
    case JSON_NEXT_NUMBER:
        text = json_reader_number(reader);
        assert(reader->failure || text.length > 0);
        break;
    case JSON_NEXT_TRUE:
    case JSON_NEXT_FALSE:
        (void)json_reader_bool(reader);
        break;
    default:
        json_reader_skip(reader);
        break;
    }
}

/* jansson passes over a NUL behind a number, and has its own limits of numbers and depth. */
static bool theirs_may_differ(struct bytes text, const struct json_reader *reader,
                              const json_error_t *error)
{
    return (text.length && memchr(text.data, '\0', text.length))
        || (reader->failure && strcmp(reader->failure, "too many levels") == 0)
        || strstr(error->text, "too big") || strstr(error->text, "overflow");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct bytes text = bytes_of(data, size);
    struct err err = {0}, skip_err = {0};
    json_error_t error = {0};
    struct json_reader walker = json_reader_of(text, arena);
    struct json_reader skipper = walker;
    walk(&walker);
    json_reader_skip(&skipper);
    bool taken = json_reader_end(&walker, &err);
    bool skipped = json_reader_end(&skipper, &skip_err);
    json_t *theirs = json_loadb(size ? (const char *)data : "", size, JSON_DECODE_ANY, &error);
    assert(taken == skipped && strcmp(err.text, skip_err.text) == 0);
    assert(taken == (theirs != NULL) || theirs_may_differ(text, &walker, &error));
    json_decref(theirs);
    arena_free(arena);
    return 0;
}
