// reports: an ingestor with a source of the test's own: Google's tokens and googleAds:search, whose
// rows the test makes, changes and breaks.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import protobuf from "protobufjs";

import { startInstance } from "./instance.mjs";
import { root } from "./process.mjs";
import { waitFor } from "./wait.mjs";

export const customer = "1234567890";
export const account = `google/${customer}`;

const proto = protobuf.loadSync(join(root, "proto/aelp/v1/data.proto"));
const types = (name) => proto.lookupType(`aelp.v1.${name}`);

export const encode = (name, fields) => Buffer.from(types(name).encode(fields).finish());
export const decode = (name, body) => types(name).toObject(types(name).decode(body), { longs: Number, defaults: true });

// "2026-11-20" plus days.
export function dayAfter(day, days) {
    return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

// Rows are {day, campaign, ad?, clicks, ...}; whoever asks gets those of the days asked for.
class Source {
    campaigns = [];
    ads = [];
    pageRows = 10_000;
    requests = 0;
    rewrite = null; // (reply) => reply, of each search
    broken = []; // statuses that the next searches get instead

    async open() {
        this.server = createServer((request, response) => this.#answer(request, response));
        this.server.listen(0, "127.0.0.1");
        await once(this.server, "listening");
        this.url = `http://127.0.0.1:${this.server.address().port}`;
        return this;
    }

    close() {
        this.server.closeAllConnections();
        this.server.close();
    }

    // `campaigns` campaigns with two ads each, from a day to a day, of numbers that differ.
    fill(from, to, campaigns) {
        for (let day = from; day <= to; day = dayAfter(day, 1))
            for (let campaign = 1; campaign <= campaigns; campaign++) {
                const n = this.campaigns.length + 1;
                this.campaigns.push({ day, campaign, clicks: n % 97, costMicros: n * 730_000, conversions: n % 7 + 0.25 });
                for (const ad of [2 * campaign, 2 * campaign + 1])
                    this.ads.push({ day, campaign, ad, clicks: n % 53, costMicros: n * 310_000, conversions: n % 5 });
            }
    }

    async #answer(request, response) {
        const chunks = [];
        for await (const chunk of request) chunks.push(chunk);
        const reply = request.url.endsWith("/token")
            ? { access_token: "a-token", expires_in: 3600, token_type: "Bearer" }
            : this.#search(JSON.parse(Buffer.concat(chunks)));
        response.writeHead(reply.status ?? 200, { "content-type": "application/json" });
        response.end(JSON.stringify(reply.body ?? reply));
    }

    #search({ query, pageToken }) {
        this.requests++;
        if (/FROM customer\b/.test(query)) return this.broken.length ? this.#failure() : { results: [{ customer: books }] };
        if (this.broken.length) return this.#failure();
        const [, from, to] = /BETWEEN '(.+?)' AND '(.+?)'/.exec(query);
        const rows = (/FROM campaign\b/.test(query) ? this.campaigns : this.ads)
            .filter(({ day }) => day >= from && day <= to);
        const at = Number(pageToken ?? 0);
        const results = rows.slice(at, at + this.pageRows).map(resultOf);
        const reply = { fieldMask: "campaign.id" };
        if (results.length) reply.results = results;
        if (at + this.pageRows < rows.length) reply.nextPageToken = String(at + this.pageRows);
        return this.rewrite ? this.rewrite(reply) : reply;
    }

    #failure() {
        const status = this.broken.shift();
        return { status, body: { error: { code: status, message: "a test's", status: status === 403 ? "PERMISSION_DENIED" : "INTERNAL" } } };
    }
}

const books = { resourceName: `customers/${customer}`, currencyCode: "USD", timeZone: "America/New_York" };

function resultOf({ day, campaign, ad, clicks, costMicros, conversions, name = `US | NonBrand | ${campaign}`, status = "ENABLED" }) {
    const result = {
        customer: books,
        campaign: { resourceName: `${books.resourceName}/campaigns/${campaign}`, id: String(campaign), name,
            advertisingChannelType: "SEARCH" },
        metrics: { clicks: String(clicks), impressions: String(clicks * 40), costMicros: String(costMicros), conversions,
            conversionsByConversionDate: conversions / 2, conversionsValue: conversions * 46.5,
            viewThroughConversions: "3" },
        segments: { date: day },
    };
    if (!ad) result.campaign.status = status;
    else {
        result.adGroup = { resourceName: `${books.resourceName}/adGroups/${campaign}`, id: String(campaign) };
        result.adGroupAd = { resourceName: `${books.resourceName}/adGroupAds/${campaign}~${ad}`, status,
            ad: { resourceName: `${books.resourceName}/ads/${ad}`, id: String(ad) } };
    }
    return result;
}

const keepSaid = `
    CREATE TABLE public.said (id bigint, subject text, body bytea);
    CREATE FUNCTION public.keep_said() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
        INSERT INTO public.said VALUES (NEW.id, NEW.subject, NEW.body); RETURN NEW; END $$;
    CREATE TRIGGER keep_said AFTER INSERT ON bus.outbox FOR EACH ROW WHEN (NEW.subject LIKE 'data.%')
        EXECUTE FUNCTION public.keep_said()`;

export async function startReports({ services = [], env = {} } = {}) {
    const source = await new Source().open();
    const aelp2 = await startInstance({
        only: ["postgres", "nats", "outbox-relay", "ingestor", ...services],
        env: { "ingestor:GOOGLE_ADS_URL": source.url, "ingestor:GOOGLE_OAUTH_URL": source.url,
            "ingestor:INGEST_LEASE_S": "2", "ingestor:PLATFORM_WAIT_MS": "10", ...env },
    }).catch((error) => {
        source.close();
        throw error;
    });
    await aelp2.as("admin").query("SELECT saga.set_account($1, 'USD', 'America/New_York', 10000, true)", [account]);
    await aelp2.superuser.query(keepSaid);
    return new Reports(aelp2, source);
}

export class Reports {
    constructor(aelp2, source) {
        this.aelp2 = aelp2;
        this.source = source;
        this.jobs = 0;
    }

    async destroy() {
        await this.aelp2.destroy();
        this.source.close();
    }

    async ask(sql, ...values) {
        return (await this.aelp2.superuser.query(sql, values)).rows;
    }

    async one(sql, ...values) {
        return Object.values((await this.ask(sql, ...values))[0])[0];
    }

    // Emitted as the scheduler does. The job's message id.
    async job(fields, { source = "google", id = `job-${this.jobs++}` } = {}) {
        await this.aelp2.as("scheduler").query("SELECT bus.emit(ARRAY[$1], ARRAY[$2], ARRAY[$3::bytea], ARRAY[NULL])",
            [`job.ingest.${source}`, id, encode("IngestJob", fields)]);
        return id;
    }

    // The run of a job, when it has ended.
    async ended(id) {
        return waitFor(async () => {
            const [run] = await this.ask(`SELECT p.*, p.from_date::text AS from_date, p.to_date::text AS to_date
                FROM ingest.progress p WHERE message_id = $1 AND ended_at IS NOT NULL`, id);
            return run;
        }, { what: `the run of ${id} has ended` });
    }

    async pull(fields) {
        return this.ended(await this.job(fields));
    }

    // What it said, decoded, also after the relay has published it.
    async landed() {
        return (await this.ask("SELECT subject, body FROM public.said ORDER BY id"))
            .map(({ subject, body }) => ({ subject, ...decode("DataLanded", body) }));
    }

    // Everything that is known, without when and from what it was seen.
    async contents() {
        const rows = [];
        for (const [table, key] of [["ads_campaign_performance", "campaign"], ["ads_ad_performance", "ad"]])
            rows.push(...await this.ask(`SELECT (to_jsonb(v) - 'observed_at' - 'raw_id')::text AS row
                FROM ingest.${table} v ORDER BY account, business_date, ${key}`));
        return createHash("sha256").update(rows.map(({ row }) => row).join("\n")).digest("hex");
    }

    archived() {
        const folder = join(this.aelp2.dir, "archive");
        return readdirSync(folder).flatMap((below) => readdirSync(join(folder, below)));
    }
}
