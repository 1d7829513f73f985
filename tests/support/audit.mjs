// audit: a log in an instance: audit-writer with its witness, and proofs checked by tlog.mjs.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { bin, run } from "./process.mjs";
import { openCheckpoint, pathOf, rootByPath, sha256, verifierKey } from "./tlog.mjs";
import { waitFor } from "./wait.mjs";

// For an instance that runs neither yet.
export async function startAudit(aelp2) {
    const audit = new Audit(aelp2);
    await aelp2.restart("audit-writer");
    await audit.readKeys();
    await aelp2.restart("witness");
    return audit;
}

export class Audit {
    constructor(aelp2) {
        this.witnessUrl = aelp2.url("witness");
        this.logDir = join(aelp2.dir, "audit");
        this.witnessDir = join(aelp2.dir, "witness");
    }

    // The log's key appears when audit-writer has first led.
    async readKeys() {
        this.logVkey = await waitFor(() => readFileSync(join(this.logDir, "log.vkey"), "utf8").trim());
        const { stdout } = await run(join(bin, "aelp-witness"), ["vkey", "--dir", this.witnessDir]);
        this.keys = [verifierKey(this.logVkey), verifierKey(stdout)];
    }

    // The last checkpoint that the witness itself remembers to have cosigned.
    async witnessed(origin) {
        const reply = await fetch(`${this.witnessUrl}/${sha256(origin).toString("hex")}/checkpoint`);
        if (!reply.ok) throw new Error(`the witness answered ${reply.status}`);
        return openCheckpoint(await reply.text(), this.keys);
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
