// statements: every SQL file that a program of ours embeds, who may run it, and how it is run.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "./process.mjs";

// {path, text, runners: [member], all}: `all` runners must be able to run it, or some.
export function statementFiles(fleet) {
    const logins = fleet.members.filter(({ role }) => role);
    const runnersOf = {
        services: (name) => logins.filter((member) => member.name === name),
        libcommon: () => logins,
        // The scripts of aelp-migrate were run when the instance was made.
        tools: (name) => logins.filter(({ person }) => person && name !== "aelp-migrate"),
    };
    return Object.keys(runnersOf).flatMap((part) => foldersOf(part).flatMap((name) =>
        filesOf(`${part}/${name}/sql`).map((path) => ({
            path, text: readFileSync(join(root, path), "utf8"),
            runners: runnersOf[part](name), all: part === "services",
        })))).filter(({ runners }) => runners.length);
}

function foldersOf(part) {
    return readdirSync(join(root, part), { withFileTypes: true }).filter((entry) => entry.isDirectory())
        .map(({ name }) => name);
}

function filesOf(folder) {
    try {
        return readdirSync(join(root, folder)).filter((name) => name.endsWith(".sql"))
            .map((name) => `${folder}/${name}`);
    } catch (error) {
        if (error.code !== "ENOENT") throw error;
        return [];
    }
}

// What libcommon/db sets for every connection, for plans that are those of the services.
export function connectionSettings() {
    const source = readFileSync(join(root, "libcommon/db/db.c"), "utf8");
    return [...source.matchAll(/-c (\w+)=([^\s"]+)/g)].map(([, name, value]) => `SET ${name} = '${value}'`);
}
