// audit: a log in an instance: audit-writer with its witness, and proofs checked by tlog.mjs.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { bin, run, start } from "./process.mjs";
import { openCheckpoint, pathOf, rootByPath, verifierKey } from "./tlog.mjs";
import { waitFor } from "./wait.mjs";

// For an instance without audit-writer: starts it and a witness of its own.
export async function startAudit(aelp2, { env = {} } = {}) {
    const audit = new Audit(aelp2);
    await audit.startWriter(env);
    await audit.startWitness();
    return audit;
}

export class Audit {
    #aelp2;
    #witness;
    #port;

    constructor(aelp2) {
        this.#aelp2 = aelp2;
        this.logDir = join(aelp2.dir, "audit");
        this.witnessDir = join(aelp2.dir, "witness");
    }

    async startWriter(env = {}) {
        const { stdout } = await run(join(bin, "aelp-witness"), ["vkey", "--dir", this.witnessDir]);
        this.witnessVkey = stdout.trim();
        this.#port ??= await freePort();
        await this.#aelp2.restart("audit-writer", {
            AUDIT_DIR: this.logDir, WITNESS_URL: `http://127.0.0.1:${this.#port}`,
            WITNESS_VKEY: this.witnessVkey, ...env,
        });
        await waitFor(() => existsSync(join(this.logDir, "log.vkey")), { what: "the log's key" });
        this.logVkey = readFileSync(join(this.logDir, "log.vkey"), "utf8").trim();
        this.keys = [verifierKey(this.logVkey), verifierKey(this.witnessVkey)];
    }

    async startWitness() {
        this.#witness = start(join(bin, "aelp-witness"), ["serve", "--dir", this.witnessDir,
            "--port", String(this.#port), "--log-vkey", this.logVkey]);
        await waitFor(() => this.#witness.output().includes("listens"), { what: "the witness" });
    }

    stopWitness(signal) {
        return this.#witness?.stop(signal);
    }

    // Throws unless the event's leaf is proven in a checkpoint that log and witness signed.
    // False while there is none yet.
    async proves(client, event, hash) {
        const { rows: [place] } = await client.query(
            "SELECT index, size, note FROM audit.place_of($1)", [event]);
        if (!place?.note) return false;
        const checkpoint = openCheckpoint(place.note.toString(), this.keys);
        const path = await pathOf(tilesOf(client), Number(place.index), checkpoint.size);
        const root = rootByPath(hash, Number(place.index), checkpoint.size, path);
        if (!root?.equals(checkpoint.root)) throw new Error(`event ${event} is not proven`);
        return true;
    }
}

export function tilesOf(client) {
    const read = new Map();
    return async (level, n, width) => {
        const key = `${level}/${n}`;
        if (!read.has(key)) {
            const { rows } = await client.query("SELECT audit.tile_hashes($1, $2, $3) AS hashes",
                [level, n, width]);
            read.set(key, rows[0].hashes);
        }
        return read.get(key);
    };
}

async function freePort() {
    const { createServer } = await import("node:net");
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address();
    await new Promise((resolve) => server.close(resolve));
    return port;
}
