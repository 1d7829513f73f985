// The world's Google Ads through the official SDKs, and its JSON against their definitions.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { customer, startWorld } from "../support/world.mjs";
import { connect, stream } from "./sdk.mjs";
import { problems } from "./strict.mjs";

const v24 = "google.ads.googleads.v24";
const nine = `customers/${customer}/campaignBudgets/9`;
const eight = `customers/${customer}/campaignBudgets/8`;
let world, sdk, token, root;

before(async () => {
    world = await startWorld({ WORLD_BUDGETS: "20000" });
});
after(() => world?.stop());
beforeEach(async () => {
    await world.reset();
    token = await world.accessToken();
    sdk = connect(world, token);
    root = sdk.google._protos;
});

function setAmount(resourceName, amountMicros) {
    return { update: { resourceName, amountMicros }, updateMask: { paths: ["amountMicros"] } };
}

async function post(path, body, version = "v24") {
    const reply = await fetch(`${world.url}/${version}/customers/${customer}/${path}`, {
        method: "POST", body: JSON.stringify(body), headers: { authorization: `Bearer ${token}` },
    });
    return { status: reply.status, json: await reply.json(), id: reply.headers.get("request-id") };
}

const search = (query) => post("googleAds:search", { query });

// The error inside what the SDK's transport throws.
function decoded(error) {
    const json = JSON.parse(error.message);
    return (Array.isArray(json) ? json[0] : json).error;
}

async function refusal(promise) {
    const error = decoded(await promise.then(
        () => assert.fail("it was not refused"), (thrown) => thrown));
    const { code, message, details } = error;
    assert.deepEqual(problems(root, "google.rpc.Status", { code, message, details }), []);
    return { ...error, first: details[0].errors[0] };
}

test("budgets are read, with ids and money as the SDK has them", async () => {
    const rows = await stream(sdk.google, customer,
        "SELECT campaign_budget.id, campaign_budget.amount_micros, campaign_budget.status, "
        + "campaign_budget.explicitly_shared, campaign_budget.reference_count "
        + "FROM campaign_budget WHERE campaign_budget.id IN (9, 13)");
    assert.deepEqual(rows.map(({ campaignBudget: b }) =>
        [b.id, b.amountMicros, b.status, b.explicitlyShared, b.referenceCount]),
    [["9", "50000000", "ENABLED", false, "1"], ["13", "180000000", "ENABLED", true, "2"]]);
});

test("an update with its mask is applied and read back", async () => {
    const [reply] = await sdk.budgets.mutateCampaignBudgets({
        customerId: customer, operations: [setAmount(nine, 52_500_000)],
        responseContentType: "MUTABLE_RESOURCE",
    });
    assert.equal(reply.results[0].campaignBudget.amountMicros, "52500000");
    const budgets = await world.budgets();
    assert.equal(budgets[8].amount_micros, 52_500_000);
});

test("validateOnly changes nothing", async () => {
    const [reply] = await sdk.budgets.mutateCampaignBudgets({
        customerId: customer, operations: [setAmount(nine, 52_500_000)], validateOnly: true,
    });
    assert.deepEqual(reply.results, []);
    assert.equal((await world.budgets())[8].amount_micros, 50_000_000);
    assert.equal((await world.ledger())[0].why, "VALIDATE_ONLY");
});

test("a refusal decodes to its code and the path to the field", async () => {
    const error = await refusal(sdk.budgets.mutateCampaignBudgets({
        customerId: customer, operations: [setAmount(eight, 150_000_000), setAmount(nine, -1)],
    }));
    assert.equal(error.status, "INVALID_ARGUMENT");
    assert.deepEqual(error.first.errorCode, { campaignBudgetError: "NEGATIVE_MONEY_AMOUNT" });
    assert.deepEqual(error.first.location.fieldPathElements.map((e) => e.fieldName),
        ["operations", "update", "amount_micros"]);
    assert.equal(error.first.location.fieldPathElements[0].index, 1);
    assert.equal((await world.budgets())[7].amount_micros, 155_000_000);
});

test("a partial failure decodes, and the others are applied", async () => {
    const [reply] = await sdk.budgets.mutateCampaignBudgets({
        customerId: customer, partialFailure: true,
        operations: [setAmount(eight, -1), setAmount(nine, 55_000_000)],
    });
    assert.equal(reply.results[1].resourceName, nine);
    const failure = root.lookupType(`${v24}.errors.GoogleAdsFailure`)
        .decode(reply.partialFailureError.details[0].value);
    assert.equal(failure.errors[0].message, "The money amount is negative.");
    assert.equal((await world.budgets())[8].amount_micros, 55_000_000);
});

test("the change history tells who, when, before and after", async () => {
    await sdk.budgets.mutateCampaignBudgets(
        { customerId: customer, operations: [setAmount(nine, 52_500_000)] });
    await world.edit({ budget: 9, micros: 61_000_000, user_email: "eve@demo.example" });
    const rows = await stream(sdk.google, customer,
        "SELECT change_event.change_date_time, change_event.user_email, change_event.client_type, "
        + "change_event.changed_fields, change_event.old_resource, change_event.new_resource, "
        + "change_event.resource_change_operation, change_event.change_resource_type FROM "
        + `change_event WHERE change_event.change_resource_name = '${nine}' AND `
        + "change_event.change_date_time DURING TODAY LIMIT 10");
    assert.deepEqual(rows.map(({ changeEvent: e }) => [
        e.userEmail, e.clientType, e.changeResourceType, e.resourceChangeOperation,
        e.changedFields.paths, e.oldResource.campaignBudget.amountMicros,
        e.newResource.campaignBudget.amountMicros,
    ]), [
        ["aelp2@demo.example", "GOOGLE_ADS_API", "CAMPAIGN_BUDGET", "UPDATE", ["amountMicros"],
            "50000000", "52500000"],
        ["eve@demo.example", "GOOGLE_ADS_WEB_CLIENT", "CAMPAIGN_BUDGET", "UPDATE",
            ["amountMicros"], "52500000", "61000000"],
    ]);
});

test("a search pages through more rows than one page holds", async () => {
    const ids = new Set();
    const pages = sdk.google.searchAsync({
        customerId: customer, query: "SELECT campaign_budget.id FROM campaign_budget",
    });
    for await (const row of pages) ids.add(row.campaignBudget.id);
    assert.equal(ids.size, 20_013);
});

test("a campaign is created with its budget in one request, then paused and removed", async () => {
    const budget = `customers/${customer}/campaignBudgets/-1`;
    const [reply] = await sdk.google.mutate({
        customerId: customer,
        mutateOperations: [
            { campaignBudgetOperation: { create: {
                resourceName: budget, name: "Made", amountMicros: 7_300_000,
                explicitlyShared: false,
            } } },
            { campaignOperation: { create: {
                name: "Made", status: "ENABLED", advertisingChannelType: "SEARCH",
                campaignBudget: budget, manualCpc: {},
                containsEuPoliticalAdvertising: "DOES_NOT_CONTAIN_EU_POLITICAL_ADVERTISING",
            } } },
        ],
    });
    const campaign = reply.mutateOperationResponses[1].campaignResult.resourceName;
    await sdk.campaigns.mutateCampaigns({
        customerId: customer,
        operations: [{ update: { resourceName: campaign, status: "PAUSED" },
            updateMask: { paths: ["status"] } }],
    });
    const read = () => stream(sdk.google, customer, "SELECT campaign.status, campaign_budget.id, "
        + `campaign_budget.reference_count FROM campaign WHERE campaign.resource_name = '${campaign}'`);
    assert.equal((await read())[0].campaign.status, "PAUSED");
    await sdk.campaigns.mutateCampaigns(
        { customerId: customer, operations: [{ remove: campaign }] });
    const [row] = await read();
    assert.equal(row.campaign.status, "REMOVED");
    assert.equal(row.campaignBudget.referenceCount, "0");
});

test("an expired token is told as such", async () => {
    const [reply] = await sdk.customers.listAccessibleCustomers({});
    assert.deepEqual(reply.resourceNames, [`customers/${customer}`]);
    await world.expireTokens();
    const error = await refusal(sdk.customers.listAccessibleCustomers({}));
    assert.equal(error.status, "UNAUTHENTICATED");
    assert.deepEqual(error.first.errorCode, { authenticationError: "OAUTH_TOKEN_EXPIRED" });
});

test("faults arrive in the API's own form", async () => {
    const cases = [
        ["http_429", 429, "quotaError"], ["http_5xx_before_commit", 503, "internalError"],
        ["http_5xx_after_commit", 500, "internalError"], ["partial_failure", 409, "databaseError"],
    ];
    for (const [knob, status, category] of cases) {
        await world.faults({ google: { [knob]: { next: 1 } } });
        const error = await refusal(sdk.budgets.mutateCampaignBudgets(
            { customerId: customer, operations: [setAmount(nine, 52_500_000)] },
            { retry: null }));
        assert.equal(error.code, status, knob);
        assert.ok(category in error.first.errorCode, knob);
    }
});

test("a lost reply was applied, and only the ledger knows", async () => {
    await world.faults({ google: { lose_reply_after_commit: { next: 1 } } });
    await assert.rejects(post("campaignBudgets:mutate", { operations: [
        { update: { resourceName: nine, amountMicros: "52500000" }, updateMask: "amount_micros" },
    ] }));
    const [entry] = await world.ledger();
    assert.deepEqual([entry.applied, entry.reply, entry.after_micros], [true, "lost", 52_500_000]);
});

const queries = {
    customer: "SELECT customer.id, customer.descriptive_name, customer.currency_code, "
        + "customer.time_zone, customer.manager, customer.test_account, customer.status FROM customer",
    campaign: "SELECT campaign.id, campaign.name, campaign.status, campaign.campaign_budget, "
        + "campaign.advertising_channel_type, campaign.contains_eu_political_advertising, "
        + "campaign_budget.amount_micros, customer.id FROM campaign",
    budget: "SELECT campaign_budget.id, campaign_budget.name, campaign_budget.amount_micros, "
        + "campaign_budget.status, campaign_budget.delivery_method, campaign_budget.period, "
        + "campaign_budget.explicitly_shared, campaign_budget.reference_count, "
        + "campaign_budget.type FROM campaign_budget",
    change: "SELECT change_event.resource_name, change_event.change_date_time, "
        + "change_event.change_resource_type, change_event.change_resource_name, "
        + "change_event.client_type, change_event.user_email, change_event.campaign, "
        + "change_event.resource_change_operation, change_event.changed_fields, "
        + "change_event.old_resource, change_event.new_resource FROM change_event "
        + "WHERE change_event.change_date_time DURING TODAY LIMIT 100",
};

test("every field and enum of every resource is one the definitions know", async () => {
    await world.edit({ budget: 9, micros: 61_000_000, user_email: "eve@demo.example" });
    for (const [name, query] of Object.entries(queries)) {
        const { status, json, id } = await search(`${query}`);
        assert.equal(status, 200, name);
        assert.ok(id, "a request-id header");
        assert.deepEqual(problems(root, `${v24}.services.SearchGoogleAdsResponse`, json), [], name);
        assert.ok(json.results.length > 0, name);
    }
});

test("every mutate answer is one the definitions know", async () => {
    const operations = [
        { update: { resourceName: eight, amountMicros: "-1" }, updateMask: "amountMicros" },
        { update: { resourceName: nine, amountMicros: "52500000" }, updateMask: "amount_micros" },
    ];
    const one = await post("campaignBudgets:mutate",
        { operations, partialFailure: true, responseContentType: "MUTABLE_RESOURCE" });
    assert.deepEqual(
        problems(root, `${v24}.services.MutateCampaignBudgetsResponse`, one.json), []);
    const bulk = await post("googleAds:mutate", {
        mutateOperations: operations.map((campaignBudgetOperation) => ({ campaignBudgetOperation })),
        partialFailure: true, responseContentType: 2,
    });
    assert.deepEqual(problems(root, `${v24}.services.MutateGoogleAdsResponse`, bulk.json), []);
});

test("every version from 22 to 26 answers, with its own name in its errors", async () => {
    for (const version of ["v22", "v23", "v25", "v26"]) {
        const { json } = await post("googleAds:search", { query: "x" }, version);
        assert.match(json.error.details[0]["@type"], new RegExp(`\\.${version}\\.errors\\.`));
    }
    const { status, json } = await post("googleAds:search", { query: "x" }, "v27");
    assert.equal(status, 400);
    assert.deepEqual(json.error.details[0].errors[0].errorCode,
        { requestError: "UNSUPPORTED_VERSION" });
});

test("what clients add to a request is tolerated", async () => {
    const body = JSON.stringify({ query: "SELECT customer.id FROM customer", stranger: null });
    for (const tail of ["?", "?$alt=json%3Benum-encoding=int", "?$prettyPrint=0"]) {
        const reply = await fetch(
            `${world.url}/v24/customers/${customer}/googleAds:search${tail}`, {
                method: "POST", duplex: "half",
                body: new Blob([body]).stream(), // chunked
                headers: {
                    AUTHORIZATION: `Bearer ${token}`, "content-type": "application/json; charset=x",
                    "login-customer-id": customer, "x-goog-api-client": "gl-node/20",
                },
            });
        assert.equal(reply.status, 200, tail);
    }
});
