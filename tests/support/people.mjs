// people: the demo's people in an instance, and the command line as one of them.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { bin, root, run } from "./process.mjs";

// ana proposes, ben and cleo approve and operate; changes are let out.
export async function seedPeople(aelp2) {
    const script = `source "$ROOT/tools/launch/part/instance.sh"
        source "$ROOT/tools/launch/part/demo.sh"
        demo_seed "$1"`;
    const { code, stderr } = await run("bash", ["-euc", script, "seed", aelp2.dir],
        { env: { ...process.env, ROOT: root, AELP2_BIN: bin } });
    if (code !== 0) {
        const log = readFileSync(join(aelp2.dir, "logs", "demo.log"), "utf8");
        throw new Error(`demo_seed: ${code}\n${stderr}${log}`);
    }
}

export function tokenOf(aelp2, person) {
    return aelp2.secret(`tokens/${person}`);
}

// What a person types behind "./aelp ctl": {code, stdout, stderr}.
export function ctl(aelp2, person, ...args) {
    return run(join(root, "aelp"), ["ctl", "--as", person, ...args],
        { env: { ...process.env, AELP2_INSTANCE: aelp2.name, AELP2_BIN: bin } });
}
