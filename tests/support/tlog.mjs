// tlog: transparency log formats (RFC 6962, C2SP) once more, written apart from libcommon/merkle,
// so that a proof which both accept rests on the specification and not on one program.
import { createHash, createPublicKey, verify } from "node:crypto";

const tileWidth = 256;

export function sha256(...parts) {
    const hash = createHash("sha256");
    for (const part of parts) hash.update(part);
    return hash.digest();
}

export const leafHash = (leaf) => sha256(Buffer.of(0), leaf);
export const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

function split(n) {
    let k = 1;
    while (2 * k < n) k *= 2;
    return k;
}

// The root of leaves start..end-1, from a map of tiles: readTile(level, n, width) → Buffer.
export async function rootOf(readTile, size, start = 0, end = size) {
    if (end === start) return sha256();
    const n = end - start;
    for (let level = 7; level >= 0; level--) {
        const span = tileWidth ** level; // a hash at this level stands for so many leaves
        if (n === span && start % span === 0) {
            const at = start / span;
            const tile = Math.floor(at / tileWidth);
            const width = Math.min(tileWidth, Math.floor(size / span) - tile * tileWidth);
            const hashes = await readTile(level, tile, width);
            return hashes.subarray((at % tileWidth) * 32, (at % tileWidth) * 32 + 32);
        }
    }
    const middle = start + split(n);
    return nodeHash(await rootOf(readTile, size, start, middle),
        await rootOf(readTile, size, middle, end));
}

// The same from the hashes themselves.
export function rootOfHashes(hashes) {
    if (hashes.length < 2) return hashes[0] ?? sha256();
    const middle = split(hashes.length);
    return nodeHash(rootOfHashes(hashes.slice(0, middle)), rootOfHashes(hashes.slice(middle)));
}

// The inclusion path of leaf `index` in the tree of `size`, leaf's sibling first.
export async function pathOf(readTile, index, size) {
    const path = [];
    let start = 0;
    let end = size;
    while (end - start > 1) {
        const middle = start + split(end - start);
        if (index < middle) {
            path.unshift(await rootOf(readTile, size, middle, end));
            end = middle;
        } else {
            path.unshift(await rootOf(readTile, size, start, middle));
            start = middle;
        }
    }
    return path;
}

// The root that a path leads to, by the splits of RFC 6962.
export function rootByPath(hash, index, size, path) {
    if (size === 1) return path.length === 0 ? hash : null;
    if (path.length === 0) return null;
    const k = split(size);
    const rest = path.slice(0, -1);
    const last = path.at(-1);
    if (index < k) {
        const left = rootByPath(hash, index, k, rest);
        return left && nodeHash(left, last);
    }
    const right = rootByPath(hash, index - k, size - k, rest);
    return right && nodeHash(last, right);
}

// Where C2SP tlog-tiles has the tile of `width` hashes, or "entries".
export function tilePath(level, n, width) {
    const groups = [];
    for (let rest = n; rest > 0 || groups.length === 0; rest = Math.floor(rest / 1000)) {
        groups.unshift(`${groups.length ? "x" : ""}${String(rest % 1000).padStart(3, "0")}`);
    }
    return `tile/${level}/${groups.join("/")}${width < tileWidth ? `.p/${width}` : ""}`;
}

// The entries of a bundle, each behind its length.
export function entriesOf(bundle) {
    const entries = [];
    for (let at = 0; at < bundle.length; at += 2 + bundle.readUInt16BE(at)) {
        entries.push(bundle.subarray(at + 2, at + 2 + bundle.readUInt16BE(at)));
    }
    return entries;
}

// "name+id+base64" → {name, id, type, key}
export function verifierKey(text) {
    const [, name, id, base64] = text.trim().match(/^([^+]+)\+([0-9a-f]{8})\+(.+)$/);
    const bytes = Buffer.from(base64, "base64");
    const expected = sha256(name, "\n", bytes).subarray(0, 4).toString("hex");
    if (expected !== id) throw new Error(`key id of ${name} is ${id}, not ${expected}`);
    const prefix = Buffer.from("302a300506032b6570032100", "hex"); // SPKI of Ed25519
    const key = createPublicKey({
        key: Buffer.concat([prefix, bytes.subarray(1)]), format: "der", type: "spki",
    });
    return { name, id, type: bytes[0], key };
}

// The checkpoint in a note that all the given keys have signed.
export function openCheckpoint(note, keys) {
    const cut = note.lastIndexOf("\n\n");
    const text = note.slice(0, cut + 1);
    const lines = note.slice(cut + 2).trimEnd().split("\n");
    for (const key of keys) {
        const found = lines.map((line) => line.match(/^— (\S+) (\S+)$/)).find((match) => {
            const blob = Buffer.from(match[2], "base64");
            return match[1] === key.name && blob.subarray(0, 4).toString("hex") === key.id;
        });
        if (!found) throw new Error(`${key.name} has not signed`);
        const blob = Buffer.from(found[2], "base64").subarray(4);
        const good = key.type === 4
            ? verify(null, Buffer.from(`cosignature/v1\ntime ${blob.readBigUInt64BE()}\n${text}`),
                key.key, blob.subarray(8))
            : verify(null, Buffer.from(text), key.key, blob);
        if (!good) throw new Error(`the signature of ${key.name} is wrong`);
    }
    const [origin, size, root] = text.split("\n");
    return { origin, size: Number(size), root: Buffer.from(root, "base64") };
}
