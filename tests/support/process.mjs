// process: runs commands of the project and gives back what they said.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const bin = process.env.AELP2_BIN ?? join(root, "build", "release");

const execFileAsync = promisify(execFile);

// {code, stdout, stderr}; never throws for a command that ran and failed.
export async function run(command, args = [], { input, timeout = 60_000, ...options } = {}) {
    const running = execFileAsync(command, args, {
        cwd: root, timeout, maxBuffer: 64 << 20, ...options,
    });
    running.child.stdin?.end(input);
    try {
        return { code: 0, ...(await running) };
    } catch (error) {
        if (error.stdout === undefined) throw error;
        return { code: error.code ?? error.signal, stdout: error.stdout, stderr: error.stderr };
    }
}

export async function aelp(...args) {
    const { code, stdout, stderr } = await run(join(root, "aelp"), args, { timeout: 120_000 });
    if (code !== 0) throw new Error(`./aelp ${args.join(" ")}: ${code}\n${stderr}${stdout}`);
    return stdout;
}

// A process of the test's own; `lines` are what it wrote so far. stop() ends it and waits.
export function start(command, args = [], options = {}) {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], ...options });
    const exited = once(child, "exit");
    const output = [];
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    return {
        pid: child.pid,
        exited,
        output: () => Buffer.concat(output).toString(),
        async stop(signal = "SIGTERM") {
            if (child.exitCode === null && child.signalCode === null) child.kill(signal);
            await exited;
            return child.exitCode ?? child.signalCode;
        },
    };
}
