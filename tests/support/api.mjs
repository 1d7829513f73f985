// api: requests to the gateway as a person, each JSON answer held against its description.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import { tokenOf } from "./people.mjs";
import { misfits } from "./schema.mjs";

// ask(method, path, {as, token, body, headers}): {status, headers, body}.
export async function openApi(aelp2) {
    const description = await (await fetch(aelp2.url("api", "/api/openapi.json"))).json();

    function checkDescribed(method, path, response, answer) {
        if (typeof answer !== "object") return;
        const pattern = path.split("?")[0].replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "{id}");
        const operation = description.paths[pattern]?.[method.toLowerCase()];
        if (!operation) return;
        const described = operation.responses[response.status];
        const schema = described ? Object.values(described.content)[0].schema
            : { $ref: "#/components/schemas/Problem" };
        assert.deepEqual(misfits(description, schema, answer), [], `${method} ${path} ${response.status}`);
    }

    return async (method, path, { as = "ana", token = as && tokenOf(aelp2, as), body, headers = {} } = {}) => {
        const response = await fetch(aelp2.url("api", path), {
            method,
            headers: { ...(token && { Authorization: `Bearer ${token}` }), ...headers },
            body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
        });
        const text = await response.text();
        const answer = text.startsWith("{") ? JSON.parse(text) : text;
        checkDescribed(method, path, response, answer);
        return { status: response.status, headers: response.headers, body: answer };
    };
}

// Another token of somebody who is known.
export async function spareToken(aelp2, person) {
    const token = `spare-${randomUUID()}`;
    const { rows: [{ id }] } = await aelp2.superuser.query("SELECT person_id AS id FROM people.name WHERE name = $1",
        [person]);
    await aelp2.as("admin").query(
        "SELECT people.add_token($1, sha256(convert_to($2, 'UTF8')), '', now() + interval '1 hour')", [id, token]);
    return token;
}
