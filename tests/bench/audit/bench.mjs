// audit: leaves through audit-writer's real path: first from a backlog as fast as it can, then
// under a steady feed, with the time from the commit of a leaf to its verified proof.
//
// The baseline is what Postgres itself takes to INSERT … SELECT the same rows into a table with
// the same two indexes, in the same run.
import { startInstance } from "../../support/instance.mjs";
import { startAudit } from "../../support/audit.mjs";
import { sha256 } from "../../support/tlog.mjs";
import { waitFor } from "../../support/wait.mjs";

const backlog = Number(process.env.LEAVES ?? 1_000_000);
const steadyRate = Number(process.env.RATE ?? 60_000);
const steadySeconds = Number(process.env.STEADY_SECONDS ?? 10);

const nowMs = () => performance.now();

async function putBacklog(client) {
    await client.query(`INSERT INTO audit.pending
        SELECT n, sha256(int8send(n)) FROM generate_series(1, ${backlog}) AS n`);
    await client.query("VACUUM ANALYZE audit.pending");
    await client.query("CHECKPOINT");
}

// Rows a second when Postgres alone writes the same two indexes.
async function measureBaseline(client) {
    await client.query("CREATE TABLE public.two (index bigint PRIMARY KEY, event bigint UNIQUE)");
    const began = nowMs();
    await client.query(`INSERT INTO public.two
        SELECT row_number() OVER (ORDER BY seq) - 1, seq FROM audit.pending`);
    const rate = backlog / ((nowMs() - began) / 1000);
    await client.query("DROP TABLE public.two");
    await client.query("CHECKPOINT");
    return rate;
}

const sizeOf = async (client) =>
    Number((await client.query("SELECT audit.size() AS size")).rows[0].size);

async function measureBacklog(client) {
    await waitFor(async () => (await sizeOf(client)) > 0, { timeout: 30_000, every: 5 });
    const [first, began] = [await sizeOf(client), nowMs()];
    await waitFor(async () => (await sizeOf(client)) === backlog, { timeout: 120_000, every: 20 });
    return (backlog - first) / ((nowMs() - began) / 1000);
}

// Every 20 ms one transaction with what is due by then, so that a late one is made up for.
async function feed(client, from) {
    const began = nowMs();
    let fed = 0;
    while (nowMs() - began < steadySeconds * 1000) {
        const due = Math.floor(((nowMs() - began) / 1000) * steadyRate);
        if (due > fed) {
            await client.query(`INSERT INTO audit.pending SELECT n, sha256(int8send(n))
                FROM generate_series($1::bigint, $2::bigint) AS n`, [from + fed, from + due - 1]);
            fed = due;
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return fed / ((nowMs() - began) / 1000);
}

// Commits one leaf after the other and waits for each one's proof.
async function probe(client, audit, running) {
    const times = [];
    for (let event = -1; running(); event--) {
        const hash = sha256(`probe ${event}`);
        await client.query("INSERT INTO audit.pending VALUES ($1, $2)", [event, hash]);
        const committed = nowMs();
        await waitFor(() => audit.proves(client, event, hash), { timeout: 30_000, every: 5 });
        times.push(nowMs() - committed);
    }
    return times.sort((a, b) => a - b);
}

async function measureSteady(pool, audit) {
    const [feeder, prober] = [await pool.connect(), await pool.connect()];
    let running = true;
    const before = await sizeOf(prober);
    const began = nowMs();
    const [fed, times] = await Promise.all([
        feed(feeder, backlog + 1).finally(() => { running = false; }),
        probe(prober, audit, () => running),
    ]);
    const ordered = ((await sizeOf(prober)) - before) / ((nowMs() - began) / 1000);
    feeder.release();
    prober.release();
    const at = (p) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * p))]);
    return { fed, ordered, probes: times.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

const aelp2 = await startInstance({ only: ["postgres", "nats"] });
try {
    const pool = aelp2.superuser;
    await putBacklog(pool);
    const baseline = await measureBaseline(pool);
    const started = startAudit(aelp2);
    const rate = await measureBacklog(pool);
    const audit = await started;
    await waitFor(() => audit.proves(pool, backlog, sha256(backlogBytes(backlog))),
        { timeout: 30_000, what: "the backlog's last leaf is proven" });
    const steady = await measureSteady(pool, audit);
    console.log(`backlog of ${backlog}: ${Math.round(rate)} leaves/s; INSERT … SELECT alone: `
        + `${Math.round(baseline)} rows/s`);
    console.log(`steady feed of ${Math.round(steady.fed)}/s: ${Math.round(steady.ordered)} leaves/s,`
        + ` ${steady.probes} proofs after p50 ${steady.p50}, p99 ${steady.p99}, max ${steady.max} ms`);
    console.log(JSON.stringify({
        bench: "audit", value: Math.round(rate), unit: "leaves/s",
        baseline: "INSERT … SELECT of the same rows into two indexes",
        baseline_value: Math.round(baseline), ratio: Number((rate / baseline).toFixed(2)),
        steady_leaves_per_s: Math.round(steady.ordered), proof_ms_p50: steady.p50,
        proof_ms_p99: steady.p99, proof_ms_max: steady.max,
    }));
} finally {
    await aelp2.destroy();
}

function backlogBytes(n) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt(n));
    return bytes;
}
