/* story: what a proof file tells: the events of one saga, and the change that they are about.
 *
 * Pure. The extra data of our proofs is a bundle: the saga's leaves, oldest first, and behind them
 * the lines that the content hash in each leaf is of, where the database still had them. Nothing
 * here is true before proof_verify_chain has proven `leaves`. */
#pragma once

#include "bytes.h"

struct story {
    struct bytes leaves; /* a bundle of them alone: what the proof's path proves */
    struct bytes change; /* empty: the file doesn't carry it */
    struct bytes saga, content;
};

struct story_event {
    struct bytes version, from, to, role, person, at, note;
};

/* An effect's line of the change. */
struct story_effect {
    struct bytes account, resource, currency;
    uint64_t before_micros, after_micros;
};

/* Every leaf is an event of the same saga about the same content, and the change, if there is one,
 * has the hash that they name. What is told is borrowed from `extra`. */
bool story_open(struct bytes extra, struct story *ret_story, struct err *err) MUST_CHECK;
/* Takes the first event off a story's leaves; false when none is left. */
bool story_next_event(struct bytes *leaves, struct story_event *ret_event) MUST_CHECK;
/* A line of the change; false: it is no effect. */
bool story_effect(struct bytes line, struct story_effect *ret_effect) MUST_CHECK;
/* Are these the lines whose hash the leaf names? */
bool story_fits(struct bytes change, struct bytes leaf);
