// A thousand campaigns with an ad each, for 400 days, restated twice: how long a check of all days
// takes, and one of the last week. Fails when the former takes more than SECONDS_MAX.
import { join } from "node:path";

import { account, dayText, writeFacts, yesterday } from "../../support/facts.mjs";
import { startInstance } from "../../support/instance.mjs";
import { bin, run } from "../../support/process.mjs";

const entities = Number(process.env.ENTITIES ?? 1000);
const days = Number(process.env.DAYS ?? 400);
const secondsMax = Number(process.env.SECONDS_MAX ?? 60);
const vintages = 3;
const last = yesterday();

const aelp2 = await startInstance({ only: ["postgres"] });
try {
    await fill(aelp2.superuser);
    const pass = await seconds(() => aelp2.superuser.query(`SELECT
        (SELECT sum(cost_micros) FROM ingest.ads_campaign_performance WHERE account = $1),
        (SELECT sum(cost_micros) FROM ingest.ads_ad_performance WHERE account = $1)`, [account]));
    const week = await seconds(() => check(6));
    const value = await seconds(() => check(days - 1));
    console.log(JSON.stringify({ bench: "quality", value: round(value), unit: "s", goal: `<= ${secondsMax}`, 
        baseline: "one pass over the newest of all rows", baseline_value: round(pass), ratio: round(value / pass), week: round(week), entities, days, vintages }));
    process.exitCode = value <= secondsMax ? 0 : 1;
} finally {
    await aelp2.destroy();
}

function round(number) {
    return Math.round(number * 100) / 100;
}

async function seconds(work) {
    const begun = performance.now();
    await work();
    return (performance.now() - begun) / 1000;
}

// One day of a small account as the pattern, then as many entities and days as were asked for.
async function fill(sql) {
    await writeFacts(sql, { last, days: 1, campaigns: 1, ads: 1 });
    for (const [table, key] of [["campaign_day", "campaign"], ["ad_day", "ad"]]) {
        await sql.query(`WITH pattern AS (SELECT to_jsonb(t) AS row FROM ingest.${table} t), gone AS (DELETE FROM ingest.${table})
            INSERT INTO ingest.${table}
            SELECT r.* FROM pattern p, generate_series(1, $1::integer) e, generate_series(0, $2::integer - 1) d, generate_series(1, $3::integer) v
             CROSS JOIN LATERAL jsonb_populate_record(NULL::ingest.${table}, p.row || jsonb_build_object(
                 'campaign', 'campaign-' || e, '${key}', '${key}-' || e, 'business_date', $4::date - d,
                 'impressions', 5000 + (hashint4(e * 1009 + d) & 4095), 'clicks', 50 + (hashint4(e * 31 + d) & 63),
                 'cost_micros', 1000000 * (50 + (hashint4(e + d) & 15)), 'conversions', v,
                 'observed_at', now() + v * interval '1 hour')) r`, [entities, days, vintages, dayText(last)]);
    }
    await sql.query("ANALYZE ingest.campaign_day, ingest.ad_day");
}

async function check(daysBefore) {
    const { code, stderr } = await run(join(bin, "aelpctl"),
        ["dq", "run", "--dry-run", "--source", "google", "--from", dayText(last - daysBefore), "--to", dayText(last)],
        { env: { PATH: process.env.PATH, HOME: aelp2.dir, AELP2_CTL_URL_FILE: join(aelp2.secrets, "ctl.database_url") }, timeout: 600_000 });
    if (code !== 0) throw new Error(stderr);
}
