// GA4's reports through Google's own client.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import analytics from "@google-analytics/data";
import { OAuth2Client } from "google-auth-library";
import { problems } from "../google_ads/strict.mjs";
import { startWorld } from "../support/world.mjs";

const property = "properties/123";
let world, client, token;

before(async () => {
    world = await startWorld({
        WORLD_PRESET: "demo", WORLD_HISTORY_DAYS: "40", WORLD_START_DATE: "2026-01-10",
    });
    token = await world.accessToken();
    const authClient = new OAuth2Client();
    authClient.setCredentials({ access_token: token, expiry_date: Date.now() + 3_000_000 });
    client = new analytics.v1beta.BetaAnalyticsDataClient({
        fallback: true, apiEndpoint: "127.0.0.1", port: world.port, protocol: "http", authClient,
    });
});
after(async () => {
    await client?.close();
    await world?.stop();
});

const named = (...names) => names.map((name) => ({ name }));
const range = (startDate, endDate) => [{ startDate, endDate }];

test("a report by day and source has headers, typed values and a count", async () => {
    const [report] = await client.runReport({
        property, dateRanges: range("2026-02-01", "2026-02-10"),
        dimensions: named("date", "sessionSource", "sessionMedium", "sessionCampaignName"),
        metrics: named("sessions", "keyEvents", "totalRevenue"),
        orderBys: [{ dimension: { dimensionName: "date" } }, { metric: { metricName: "sessions" },
            desc: true }],
        limit: 100_000, returnPropertyQuota: true,
    });
    assert.deepEqual(report.metricHeaders.map(({ type }) => type),
        ["TYPE_INTEGER", "TYPE_FLOAT", "TYPE_CURRENCY"]);
    assert.equal(report.rowCount, report.rows.length);
    assert.equal(report.metadata.currencyCode, "USD");
    assert.equal(report.metadata.timeZone, "America/New_York");
    assert.ok(report.propertyQuota.tokensPerDay.remaining > 0);
    const dates = report.rows.map(({ dimensionValues }) => dimensionValues[0].value);
    assert.equal(new Set(dates).size, 10);
    assert.deepEqual(dates, [...dates].sort());
    assert.ok(report.rows.some(({ dimensionValues }) => dimensionValues[2].value === "cpc"));
});

test("pages by offset give all rows once", async () => {
    const rows = [];
    for (;;) {
        const [page] = await client.runReport({
            property, dateRanges: range("30daysAgo", "yesterday"), metrics: named("sessions"),
            dimensions: named("date", "sessionCampaignName"), limit: 100, offset: rows.length,
        });
        rows.push(...page.rows.map(({ dimensionValues }) =>
            dimensionValues.map(({ value }) => value).join()));
        if (rows.length >= page.rowCount) break;
    }
    assert.ok(rows.length > 100);
    assert.equal(new Set(rows).size, rows.length);
});

test("filters nest as the client sends them", async () => {
    const count = async (dimensionFilter) => {
        const [report] = await client.runReport({
            property, dateRanges: range("7daysAgo", "yesterday"), metrics: named("sessions"),
            dimensionFilter,
        });
        return Number(report.rows[0]?.metricValues[0].value ?? 0);
    };
    const medium = { filter: { fieldName: "sessionMedium",
        stringFilter: { matchType: "EXACT", value: "cpc" } } };
    const google = { filter: { fieldName: "sessionSource",
        inListFilter: { values: ["google", "bing"] } } };
    const [all, cpc, other, both, either] = [
        await count(undefined), await count(medium), await count({ notExpression: medium }),
        await count({ andGroup: { expressions: [medium, google] } }),
        await count({ orGroup: { expressions: [medium, google] } }),
    ];
    assert.equal(cpc + other, all);
    assert.ok(both > 0 && both <= cpc && either >= cpc && either < all);
});

test("an empty report has no rows and no count", async () => {
    const [report] = await client.runReport({
        property, dateRanges: range("2020-01-01", "2020-01-31"), metrics: named("sessions"),
        dimensions: named("date"),
    });
    assert.deepEqual(report.rows, []);
    assert.equal(report.rowCount, 0);
});

test("a batch and the metadata decode", async () => {
    const one = { dateRanges: range("yesterday", "yesterday"), metrics: named("sessions") };
    const [batch] = await client.batchRunReports({ property, requests: [one, one] });
    assert.equal(batch.reports.length, 2);
    const [metadata] = await client.getMetadata({ name: `${property}/metadata` });
    assert.ok(metadata.metrics.some(({ apiName, type }) =>
        apiName === "totalRevenue" && type === "TYPE_CURRENCY"));
});

test("a refusal is Google's, with its code and status", async () => {
    const refusal = async (request) => {
        const error = await client.runReport({ property, ...request }).then(
            () => assert.fail("it was not refused"), (thrown) => thrown);
        return JSON.parse(error.message).error; // as the client's transport throws it
    };
    const nonsense = await refusal({
        dateRanges: range("yesterday", "yesterday"), metrics: named("nonsense") });
    assert.deepEqual([nonsense.code, nonsense.status], [400, "INVALID_ARGUMENT"]);
    assert.match(nonsense.message, /nonsense is not a valid metric/);
    const foreign = await refusal({ property: "properties/9",
        dateRanges: range("today", "today"), metrics: named("sessions") });
    assert.deepEqual([foreign.code, foreign.status], [403, "PERMISSION_DENIED"]);
});

test("a young day is restated until it is two days old", async () => {
    const revenue = async () => {
        const [report] = await client.runReport({
            property, dateRanges: range("2026-02-18", "2026-02-18"), metrics: named("keyEvents"),
        });
        return Number(report.rows[0].metricValues[0].value);
    };
    const young = await revenue();
    await world.advance({ days: 2 });
    assert.ok(await revenue() > young);
});

test("the reply's JSON holds nothing the definitions don't know", async () => {
    const reply = await fetch(`${world.url}/v1beta/${property}:runReport`, {
        method: "POST", headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ dateRanges: range("yesterday", "today"), metrics: named("sessions"),
            dimensions: named("date"), returnPropertyQuota: true }),
    });
    const protos = createRequire(import.meta.url)("protobufjs").Root
        .fromJSON(createRequire(import.meta.url)("@google-analytics/data/build/protos/protos.json"));
    assert.deepEqual(
        problems(protos, "google.analytics.data.v1beta.RunReportResponse", await reply.json()), []);
});
