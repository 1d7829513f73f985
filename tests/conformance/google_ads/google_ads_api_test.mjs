// The world through google-ads-api, whose host is fixed: its requests are led to the world.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { GoogleAdsApi } from "google-ads-api";
import { customer as customerId, startWorld } from "../support/world.mjs";

const axios = createRequire(import.meta.url)("axios"); // the instance the SDK has

let world, customer;

before(async () => {
    world = await startWorld();
    axios.interceptors.request.use((config) => {
        config.url = config.url.replace("https://googleads.googleapis.com", world.url);
        return config;
    });
    const api = new GoogleAdsApi(
        { client_id: "client", client_secret: "secret", developer_token: "ignored" });
    customer = api.Customer({ customer_id: customerId, refresh_token: "refresh" });
    customer.getAccessToken = () => world.accessToken();
});
after(() => world?.stop());

test("a report's rows arrive as the SDK types them", async () => {
    const rows = await customer.report({
        entity: "campaign",
        attributes: ["campaign.id", "campaign.name", "campaign.status",
            "campaign_budget.amount_micros"],
        constraints: { "campaign_budget.id": 9 },
    });
    assert.equal(rows.length, 1);
    assert.equal(rows[0].campaign_budget.amount_micros, 50_000_000);
    assert.equal(rows[0].campaign.name, "Trail club retargeting");
});

test("a stream of a query gives the same rows", async () => {
    const names = [];
    for await (const row of customer.queryStream("SELECT campaign.name FROM campaign")) {
        names.push(row.campaign.name);
    }
    assert.equal(names.length, 14);
});

test("a refused query is the SDK's own failure", async () => {
    await assert.rejects(customer.query("SELECT campaign.nonsense FROM campaign"), (failure) => {
        assert.match(JSON.stringify(failure), /unrecognized field/);
        return true;
    });
});
