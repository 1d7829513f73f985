// dice: choices that a seed repeats. Each chooser throws its own, so that one's pace does not
// change another's choices.
import { createHash } from "node:crypto";

export class Dice {
    #state;

    constructor(seed, name) {
        this.#state = createHash("sha256").update(`${seed} ${name}`).digest().readUInt32LE();
    }

    // 0 <= x < 1 (mulberry32)
    #next() {
        this.#state = (this.#state + 0x6d2b79f5) | 0;
        let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    }

    // A whole number, both bounds included.
    between(least, most) {
        return least + Math.floor(this.#next() * (most - least + 1));
    }

    chance(rate) {
        return this.#next() < rate;
    }

    pick(list) {
        return list[this.between(0, list.length - 1)];
    }

    shuffled(list) {
        const cards = [...list];
        for (let i = cards.length - 1; i > 0; i--) {
            const j = this.between(0, i);
            [cards[i], cards[j]] = [cards[j], cards[i]];
        }
        return cards;
    }
}
