// world: one world process of the test's own, on any free port, and its control routes.
import { join } from "node:path";
import { bin, start } from "../../support/process.mjs";
import { waitFor } from "../../support/wait.mjs";

const settings = {
    FACE_PORT: "0", GOOGLE_CLIENT_ID: "client", GOOGLE_CLIENT_SECRET: "secret",
    GOOGLE_REFRESH_TOKEN: "refresh", SLACK_TOKEN: "xoxb-conformance",
    SLACK_SIGNING_SECRET: "hush",
};

export const customer = "1234567890";

// The world says its port in its first log line.
function listeningPort(world) {
    return waitFor(() => {
        const line = world.output().split("\n").find((text) => text.includes('"msg":"started"'));
        return line && JSON.parse(line).port;
    }, { what: "the world's port" });
}

export async function startWorld(more = {}) {
    const world = start(join(bin, "world"), [], { env: { ...process.env, ...settings, ...more } });
    const port = await listeningPort(world);
    const url = `http://127.0.0.1:${port}`;

    async function call(method, path, body) {
        const reply = await fetch(url + path, {
            method, body: body && JSON.stringify(body),
        });
        const text = await reply.text();
        if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
        return text;
    }
    const lines = (text) => text.split("\n").filter(Boolean).map((line) => JSON.parse(line));

    return {
        url, port, settings,
        stop: world.stop,
        reset: (options = {}) => call("POST", "/_world/reset", options),
        faults: (knobs) => call("PUT", "/_world/faults", knobs),
        advance: async (time) => JSON.parse(await call("POST", "/_world/advance", time)),
        stats: async () => JSON.parse(await call("GET", "/_world/stats")),
        expireTokens: () => call("POST", "/_world/tokens/expire"),
        edit: (edit) => call("POST", "/_world/edits", edit),
        ledger: async () => lines(await call("GET", "/_world/ledger")),
        budgets: async () => lines(await call("GET", "/_world/budgets")),
        messages: async () => lines(await call("GET", "/_world/slack/messages")),
        click: async (click) => JSON.parse(await call("POST", "/_world/slack/click", click)),
        async accessToken() {
            const reply = await fetch(`${url}/token`, {
                method: "POST",
                body: new URLSearchParams({
                    grant_type: "refresh_token", client_id: "client", client_secret: "secret",
                    refresh_token: "refresh",
                }),
            });
            return (await reply.json()).access_token;
        },
    };
}
