// monkey: breaks an instance while it works; everything it does is counted in `did`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { waitFor } from "../support/wait.mjs";
import { Dice } from "./dice.mjs";
import { failpointsOf } from "./failpoints.mjs";

// What the world does wrong: the next requests that change something meet it, or some of all.
const worldFaults = [
    { http_429: { rate: 0.3, on: "all" } },
    { http_5xx_before_commit: { next: 2, on: "writes" } },
    { http_5xx_before_commit: { rate: 0.3, on: "all" } },
    { http_5xx_after_commit: { next: 2, on: "writes" } },
    { lose_reply_after_commit: { next: 2, on: "writes" } },
    { truncated_body: { next: 1, on: "writes" } },
    { stop_after_commit: { next: 1, on: "writes" } },
    { latency_ms: 200, latency_jitter_ms: 300 },
];
const roundMs = 15_000; // the pauses of a round together, whatever the number of its torments
// What Slack does wrong.
const slackFaults = [
    { http_429: { next: 2, on: "writes" }, retry_after_s: 1 },
    { http_5xx_before_commit: { next: 2, on: "writes" } },
    { http_5xx_after_commit: { next: 1, on: "writes" } },
    { lose_reply_after_commit: { next: 1, on: "writes" } },
    { latency_ms: 200, latency_jitter_ms: 300 },
];
const noFaults = {
    ...Object.fromEntries(worldFaults.flatMap(Object.keys).map((knob) => [knob, { rate: 0, next: 0 }])),
    latency_ms: 0, latency_jitter_ms: 0,
};

export class Monkey {
    did = {};
    poisoned = 0;
    #budgets;
    #aelp2;
    #seed;
    #on;

    // on(): does the storm go on?
    constructor(budgets, seed, on) {
        this.#budgets = budgets;
        this.#aelp2 = budgets.aelp2;
        this.#seed = seed;
        this.#on = on;
    }

    // A user who may do everything: the fleet's own may not purge a stream.
    async open() {
        const file = join(this.#aelp2.dir, "nats", "authorization.conf");
        const conf = readFileSync(file, "utf8");
        writeFileSync(file, conf.replace("users = [",
            'users = [\n    { user: "chaos", password: "chaos" }'));
        writeFileSync(join(this.#aelp2.secrets, "chaos.nats"), "chaos");
        await this.#aelp2.kill("nats", "-HUP");
    }

    // Each service is tormented for itself, and what carries them beside that. Every torment happens
    // once at least; the rounds go on while the storm does.
    async torment(services) {
        const rounds = services.map((service) => this.#rounds(service, this.#ofService(service)));
        const ended = await Promise.allSettled([...rounds, this.#rounds("below", this.#below()),
            this.#rounds("world", worldFaults.map((fault) => () => this.#worldFault("google", fault))),
            this.#rounds("slack", slackFaults.map((fault) => () => this.#worldFault("slack", fault)))]);
        const failed = ended.find(({ reason }) => reason); // nothing is started any more
        if (failed) throw failed.reason;
        for (const platform of ["google", "slack"]) await this.#budgets.faults(noFaults, platform);
    }

    async #rounds(name, torments) {
        const dice = new Dice(this.#seed, name);
        do {
            for (const torment of dice.shuffled(torments)) {
                await torment(dice);
                await pause(dice.between(0, 2 * roundMs / torments.length));
            }
        } while (this.#on());
    }

    #ofService(service) {
        const crashes = failpointsOf(service).map((point) => () => this.#crash(service, point));
        const kill = () => this.#kill(service);
        const stops = service === "budget-publisher"
            ? [(dice) => this.#stop(service, dice), (dice) => this.#stop(service, dice)] : [];
        return [...crashes, kill, kill, ...stops];
    }

    #below() {
        return [
            () => this.#kill("nats"), () => this.#kill("nats"),
            () => this.#kill("postgres"), () => this.#kill("postgres", "-QUIT"),
            () => this.#kill("witness"),
            () => this.#purge(), () => this.#purge(), () => this.#purge(),
        ];
    }

    #count(what) {
        this.did[what] = (this.did[what] ?? 0) + 1;
    }

    // How often it died so far, as its supervisor saw.
    #deaths(service) {
        return readFileSync(`${this.#aelp2.dir}/logs/${service}.log`, "utf8")
            .split('"msg":"exited, will be restarted"').length - 1;
    }

    async #dies(service, how, kill) {
        const before = this.#deaths(service);
        const again = await kill();
        await waitFor(async () => {
            await again?.();
            return this.#deaths(service) > before;
        }, { timeout: 180_000, every: 100, what: `${service} dies: ${how}` }); // some points are seldom reached
        if (service === "slack-bridge") await this.#freeLease(service);
    }

    // Nobody waits for a leader that is known to be dead.
    #freeLease(service) {
        return waitFor(() => this.#budgets.sql.query(
            "UPDATE bus.lease SET until = '-infinity' WHERE name = $1", [service]));
    }

    async #crash(service, point) {
        await this.#dies(service, point, async () => {
            await waitFor(async () => { // it may meet the other torments and not get ready
                await this.#aelp2.restart(service,
                    { ...this.#settings(service), AELP2_FAILPOINT: `${point}:exit` });
                return true;
            }, { timeout: 180_000, what: `${service} starts with ${point}` });
            return point === "after_bury" ? () => this.#poison(service) : null;
        });
        this.#count(`crash ${service} ${point}`);
    }

    #settings(service) {
        return service === "budget-publisher" ? this.#budgets.settings : {};
    }

    async #kill(service, signal = "-9") {
        await this.#dies(service, signal, () => waitFor(async () => {
            await this.#aelp2.kill(service, signal); // not while it is between two lives
            return true;
        }, { what: `${service} can be killed` }).then(() => null));
        this.#count(`kill ${signal} ${service}`);
    }

    async #stop(service, dice) {
        const pid = await waitFor(() => this.#budgets.pid());
        try {
            process.kill(pid, "SIGSTOP");
            await pause(dice.between(500, 3500));
            process.kill(pid, "SIGCONT");
            this.#count(`stop and continue ${service}`);
        } catch (error) {
            if (error.code !== "ESRCH") throw error; // it died with Postgres or by itself: no stop
        }
    }

    // A message its service can't read, so that there is something to bury.
    async #poison(service) {
        const subject = { "guardrail-evaluator": "saga.proposed.noop.note" }[service]
            ?? "saga.approved.noop.note";
        await this.#budgets.sql.query(
            "INSERT INTO bus.outbox (subject, message_id, body) VALUES ($1, $2, 'poison')",
            [subject, `poison.${this.poisoned++}`]);
    }

    async #purge() {
        await waitFor(async () => {
            const connection = await this.#aelp2.nats("chaos", { reconnect: false });
            const manager = await connection.jetstreamManager();
            await manager.streams.purge("SAGA");
            await connection.close();
            return true;
        }, { what: "the stream is purged" });
        this.#count("purge SAGA");
    }

    async #worldFault(platform, fault) {
        const [knob, { next }] = Object.entries(fault)[0];
        await this.#budgets.faults(fault, platform);
        if (next) await waitFor(async () => (await this.#knobs(platform))[knob].next === 0,
            { every: 100, what: `${platform}'s ${knob} struck` });
        else await pause(1500);
        await this.#budgets.faults(noFaults, platform);
        this.#count(`${platform} ${knob}`);
    }

    async #knobs(platform) {
        return JSON.parse(await this.#budgets.world("GET", "faults"))[platform];
    }
}
