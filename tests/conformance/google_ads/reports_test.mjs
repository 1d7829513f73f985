// Google Ads reports through the official SDKs, over a market whose history has happened.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { customer, startWorld } from "../support/world.mjs";
import { connect, stream } from "./sdk.mjs";
import { problems } from "./strict.mjs";

const v24 = "google.ads.googleads.v24";
const days = "segments.date BETWEEN '2026-02-01' AND '2026-02-20'";
let world, sdk, token, root;

before(async () => {
    world = await startWorld({
        WORLD_PRESET: "demo", WORLD_HISTORY_DAYS: "60", WORLD_START_DATE: "2026-01-10",
    });
    token = await world.accessToken();
    sdk = connect(world, token);
    root = sdk.google._protos;
});
after(() => world?.stop());

async function post(path, body) {
    const reply = await fetch(`${world.url}/v24/customers/${customer}/${path}`, {
        method: "POST", body: JSON.stringify(body), headers: { authorization: `Bearer ${token}` },
    });
    return { status: reply.status, json: await reply.json() };
}

const sum = (rows, metric) => rows.reduce((total, row) => total + Number(row.metrics[metric]), 0);

test("the daily query gives a row a campaign and day, with the SDK's types", async () => {
    const rows = await stream(sdk.google, customer,
        "SELECT customer.currency_code, customer.time_zone, campaign.id, campaign.name, "
        + "campaign.status, campaign.advertising_channel_type, campaign.campaign_budget, "
        + "campaign_budget.amount_micros, segments.date, metrics.cost_micros, metrics.impressions, "
        + "metrics.clicks, metrics.conversions, metrics.conversions_value FROM campaign "
        + `WHERE ${days}`);
    const campaigns = new Set(rows.map(({ campaign }) => campaign.id));
    assert.ok(campaigns.size > 3);
    assert.equal(rows.length, campaigns.size * 20);
    const [row] = rows;
    assert.match(row.segments.date, /^2026-02-\d\d$/);
    assert.match(row.metrics.costMicros, /^\d+$/);
    assert.equal(typeof row.metrics.conversions, "number");
    assert.equal(row.customer.currencyCode, "USD");
    assert.match(row.campaign.campaignBudget, /^customers\/1234567890\/campaignBudgets\/\d+$/);
});

test("a whole, its days, its devices and its campaigns say the same", async () => {
    const wholes = await Promise.all([
        `SELECT metrics.cost_micros FROM customer WHERE ${days}`,
        `SELECT metrics.cost_micros, segments.date FROM customer WHERE ${days}`,
        `SELECT metrics.cost_micros, segments.device FROM campaign WHERE ${days}`,
        `SELECT metrics.cost_micros, campaign.id FROM campaign WHERE ${days}`,
    ].map(async (query) => sum(await stream(sdk.google, customer, query), "costMicros")));
    assert.ok(wholes[0] > 0);
    assert.deepEqual(wholes, Array(4).fill(wholes[0]));
});

test("ads are told with their group, their review and their numbers", async () => {
    const rows = await stream(sdk.google, customer,
        "SELECT ad_group.id, ad_group.name, ad_group_ad.ad.id, ad_group_ad.ad.name, "
        + "ad_group_ad.status, ad_group_ad.policy_summary.approval_status, campaign.id, "
        + "segments.date, metrics.clicks, metrics.ctr, metrics.average_cpc FROM ad_group_ad "
        + `WHERE ${days} ORDER BY metrics.clicks DESC LIMIT 7`);
    assert.equal(rows.length, 7);
    for (const { adGroup, adGroupAd, metrics } of rows) {
        assert.equal(adGroupAd.resourceName,
            `customers/${customer}/adGroupAds/${adGroup.id}~${adGroupAd.ad.id}`);
        assert.equal(adGroupAd.policySummary.approvalStatus, "APPROVED");
        assert.ok(metrics.ctr > 0 && metrics.ctr < 1 && metrics.averageCpc > 0);
    }
    const clicks = rows.map((row) => Number(row.metrics.clicks));
    assert.deepEqual(clicks, [...clicks].sort((a, b) => b - a));
});

test("every reporting field is one the definitions know, in their JSON form", async () => {
    const metrics = ["impressions", "clicks", "interactions", "cost_micros", "conversions",
        "conversions_value", "conversions_by_conversion_date",
        "conversions_value_by_conversion_date", "all_conversions", "all_conversions_value",
        "all_conversions_by_conversion_date", "all_conversions_value_by_conversion_date",
        "view_through_conversions", "video_trueview_views", "ctr", "interaction_rate",
        "average_cpc", "average_cost", "average_cpm", "cost_per_conversion",
        "cost_per_all_conversions", "value_per_conversion", "conversions_from_interactions_rate",
        "unique_users", "average_impression_frequency_per_user", "search_impression_share",
        "search_budget_lost_impression_share", "search_rank_lost_impression_share"]
        .map((name) => `metrics.${name}`);
    for (const query of [
        `SELECT campaign.start_date_time, segments.date, segments.device, ${metrics} `
        + `FROM campaign WHERE ${days}`,
        "SELECT ad_group.resource_name, ad_group.type, ad_group.campaign, ad_group.status, "
        + `metrics.clicks FROM ad_group WHERE ${days}`,
        "SELECT ad_group_ad.resource_name, ad_group_ad.ad_group, ad_group_ad.ad.type, "
        + `ad_group_ad.policy_summary.review_status FROM ad_group_ad`,
    ]) {
        const { status, json } = await post("googleAds:search",
            { query, searchSettings: { returnTotalResultsCount: true } });
        assert.equal(status, 200, JSON.stringify(json));
        assert.ok(json.results.length > 0);
        assert.deepEqual(problems(root, `${v24}.services.SearchGoogleAdsResponse`, json), []);
    }
});

test("a summary row comes behind the rows, and alone when asked alone", async () => {
    const query = `SELECT segments.date, metrics.clicks FROM customer WHERE ${days}`;
    const { json: batches } = await post("googleAds:searchStream",
        { query, summaryRowSetting: "SUMMARY_ROW_WITH_RESULTS" });
    assert.equal(batches.length, 2);
    assert.equal(Number(batches[1].summaryRow.metrics.clicks), sum(batches[0].results, "clicks"));
    const { json: alone } = await post("googleAds:searchStream",
        { query, summaryRowSetting: "SUMMARY_ROW_ONLY" });
    assert.equal(alone[0].results, undefined);
    assert.deepEqual(alone[0].summaryRow, batches[1].summaryRow);
    assert.deepEqual(
        problems(root, `${v24}.services.SearchGoogleAdsStreamResponse`, batches[1]), []);
});

test("what is wrong with a report is said by its own code", async () => {
    for (const [query, code] of [
        ["SELECT segments.date, metrics.clicks FROM campaign", "EXPECTED_FILTERS_ON_DATE_RANGE"],
        ["SELECT metrics.clicks FROM campaign WHERE segments.date = 'x'", "INVALID_DATE_FORMAT"],
        ["SELECT campaign.id FROM campaign ORDER BY metrics.clicks",
            "EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE"],
    ]) {
        const { status, json } = await post("googleAds:search", { query });
        assert.equal(status, 400);
        assert.deepEqual(json.error.details[0].errors[0].errorCode, { queryError: code });
    }
});

test("what is set through the API happens from the next hour on, and time is the market's", async () => {
    const budget = `customers/${customer}/campaignBudgets/1`;
    const spent = async (day) => sum(await stream(sdk.google, customer,
        "SELECT metrics.cost_micros, segments.date FROM campaign WHERE "
        + `campaign.campaign_budget = '${budget}' AND segments.date = '${day}'`), "costMicros");
    await world.advance({ days: 2 }); // 2026-03-13 begins
    const usual = await spent("2026-03-12");
    await sdk.budgets.mutateCampaignBudgets({ customerId: customer, operations: [
        { update: { resourceName: budget, amountMicros: 300_000_000 },
            updateMask: { paths: ["amountMicros"] } }] });
    const [event] = await stream(sdk.google, customer,
        "SELECT change_event.change_date_time, change_event.new_resource FROM change_event WHERE "
        + "change_event.change_date_time DURING TODAY LIMIT 5");
    assert.match(event.changeEvent.changeDateTime, /^2026-03-13 00:/);
    await world.advance({ days: 3 });
    const less = await spent("2026-03-15");
    assert.ok(usual > 2_000_000_000 && less > 0 && less <= 600_000_000, `${usual} ${less}`);
});

test("operations beyond the day's quota are refused until tomorrow", async () => {
    const query = "SELECT customer.id FROM customer";
    const { operations_today: used } = (await world.stats()).google;
    await world.faults({ google: { operations_a_day: used + 1 } });
    assert.equal((await post("googleAds:search", { query })).status, 200);
    const { status, json } = await post("googleAds:search", { query });
    assert.equal(status, 429);
    assert.deepEqual(json.error.details[0].errors[0].errorCode,
        { quotaError: "RESOURCE_EXHAUSTED" });
    const { quotaErrorDetails } = json.error.details[0].errors[0].details;
    assert.equal(quotaErrorDetails.retryDelay, "3600s");
    assert.equal((await world.stats()).google.refused, 1);
    await world.advance({ days: 1 });
    assert.equal((await post("googleAds:search", { query })).status, 200);
    await world.faults({ google: { operations_a_day: 0 } });
});
