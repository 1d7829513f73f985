// wait: for a condition, never for a time.

// Calls `condition` until it gives something truthy and returns that. What it threw or gave last
// is in the message when `timeout` ms have passed: so many that only what never comes takes them,
// on a loaded machine and under a sanitizer too. With `moving` they count from the last time that
// this message changed: as long as it does, there is progress.
export async function waitFor(condition,
    { timeout = 60_000, every = 20, what = String(condition), moving = false } = {}) {
    let end = Date.now() + timeout, last, shown;
    for (;;) {
        try {
            last = await condition();
            if (last) return last;
        } catch (error) {
            last = error;
        }
        if (moving && show(last) !== shown) {
            end = Date.now() + timeout;
            shown = show(last);
        }
        if (Date.now() > end) throw new Error(`not within ${timeout} ms: ${what}; last: ${show(last)}`);
        await new Promise((resolve) => setTimeout(resolve, every));
    }
}

function show(value) {
    if (value instanceof Error) return value.message;
    return JSON.stringify(value, (_, v) => (typeof v === "bigint" ? String(v) : v));
}
