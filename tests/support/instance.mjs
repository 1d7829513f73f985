// instance: a whole AELP2 of a test's own: Postgres, nats-server, the services it asks for.
//
//     const aelp2 = await startInstance({ only: ["postgres", "nats", "outbox-relay"] });
//     after(() => aelp2.destroy());
//     const { rows } = await aelp2.superuser.query("SELECT 1");
import { readFileSync } from "node:fs";
import { connect as connectNats } from "nats";
import pg from "pg";

import { aelp } from "./process.mjs";
import { waitFor } from "./wait.mjs";

let started = 0;

// only: services by name, with "postgres" and "nats" among them; all when left out.
// env: {NAME: value} for every service, {"service:NAME": value} for one.
export async function startInstance({ name, only, env = {} } = {}) {
    const chosen = name ?? `test-${process.pid}-${started++}`;
    const args = ["instance", "start", chosen];
    if (only) args.push("--only", only.join(","));
    for (const [key, value] of Object.entries(env)) args.push("--env", `${key}=${value}`);
    try {
        return new Instance(JSON.parse(await aelp(...args)));
    } catch (error) {
        await aelp("instance", "destroy", chosen);
        throw error;
    }
}

class Instance {
    #superuser;
    #open = [];

    constructor(info) {
        Object.assign(this, info); // name, dir, secrets, socket, database, nats_url, ports
    }

    secret(file) {
        return readFileSync(`${this.secrets}/${file}`, "utf8").trim();
    }

    // The superuser, over the socket; it may do everything, so tests look and arrange with it.
    get superuser() {
        this.#superuser ??= this.#pool({
            host: this.socket, port: this.ports.postgres, database: this.database,
            user: "postgres", password: this.secret("postgres.password"),
        });
        return this.#superuser;
    }

    // A pool as a member of the fleet ("gateway", "migrate", "admin", ...), over TCP like itself.
    as(member) {
        return this.#pool({ connectionString: this.secret(`${member}.database_url`) });
    }

    #pool(settings) {
        const pool = new pg.Pool({ max: 4, ...settings });
        pool.on("error", () => {}); // an idle connection that a test killed; the next query says so
        this.#open.push(() => pool.end());
        return pool;
    }

    // A NATS connection as a member of the fleet; its inboxes lie where that member may listen.
    async nats(member, options = {}) {
        const connection = await connectNats({
            servers: this.nats_url, user: member, pass: this.secret(`${member}.nats`),
            inboxPrefix: `_INBOX.${member}`, ...options,
        });
        this.#open.push(() => connection.close());
        return connection;
    }

    url(service, path = "") {
        return `http://127.0.0.1:${this.ports[service]}${path}`;
    }

    kill(service, signal = "-9") {
        return aelp("instance", "kill", this.name, service, signal);
    }

    halt(service) {
        return aelp("instance", "halt", this.name, service);
    }

    restart(service, env = {}) {
        const settings = Object.entries(env).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
        return aelp("instance", "restart", this.name, service, ...settings);
    }

    ready(service) {
        return waitFor(async () => (await fetch(this.url(service, "/readyz"))).ok,
            { what: `${service} is ready` });
    }

    // What a service logged, one object a line.
    log(service) {
        return readFileSync(`${this.dir}/logs/${service}.log`, "utf8").split("\n")
            .filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
    }

    async destroy() {
        await Promise.allSettled(this.#open.map((close) => close()));
        if (process.env.AELP2_KEEP) await aelp("instance", "stop", this.name);
        else await aelp("instance", "destroy", this.name);
    }
}
