// failpoints: the named places to crash in, read from the sources, so that none is forgotten.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../support/process.mjs";

const call = /\bservice_failpoint\("([a-z_]+)"\)/g;

function named(folder) {
    const sources = readdirSync(join(root, folder)).filter((file) => file.endsWith(".c"));
    return sources.flatMap((file) =>
        [...readFileSync(join(root, folder, file), "utf8").matchAll(call)].map(([, name]) => name));
}

// Those of the frame act in every service that has routes.
function hasRoutes(service) {
    return /\.routes = /.test(readFileSync(join(root, "services", service, "main.c"), "utf8"));
}

// Which no saga passes: the service's own test crashes there.
const beside = { "guardrail-evaluator": ["before_check_ends"] };

export function failpointsOf(service) {
    const frame = hasRoutes(service) ? named("libcommon/service") : [];
    return [...frame, ...named(`services/${service}`)].filter((point) => !beside[service]?.includes(point));
}

// {service: its own failpoints}
export function allFailpoints() {
    return Object.fromEntries(readdirSync(join(root, "services"))
        .map((service) => [service, named(`services/${service}`)])
        .filter(([, points]) => points.length > 0));
}
