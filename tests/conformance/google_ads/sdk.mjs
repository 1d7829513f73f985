// sdk: the official google-ads-node client over REST, pointed at a world.
import { createRequire } from "node:module";
import v8 from "node:v8";
import { OAuth2Client } from "google-auth-library";
import gax from "google-gax";
import ads from "google-ads-node";

// The client's generated converters are so large that V8 would work a minute on optimizing one, and
// node waits for it at the end.
v8.setFlagsFromString("--no-opt");

const require = createRequire(import.meta.url);
// The definitions the client is made from, as they are and before the patch below.
export const definitions = require("google-ads-node/build/protos/protos.json");

const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

// The client's definitions have snake_case fields, but its REST mode takes names as JSON has them.
function camelize(node) {
    if (node === null || typeof node !== "object") return node;
    if (Array.isArray(node)) return node.map(camelize);
    const made = {};
    for (const [key, value] of Object.entries(node)) {
        if (key === "fields") {
            made.fields = Object.fromEntries(
                Object.entries(value).map(([name, field]) => [camel(name), field]));
        } else if (key === "oneof" && Array.isArray(value)) {
            made.oneof = value.map(camel);
        } else {
            made[key] = camelize(value);
        }
    }
    return made;
}

const prototype = gax.fallback.GrpcClient.prototype;
const load = prototype.loadProtoJSON;
let camelized;
prototype.loadProtoJSON = function (json, ignoreCache) {
    camelized ??= camelize(json);
    return load.call(this, camelized, ignoreCache);
};

export function connect(world, accessToken) {
    const authClient = new OAuth2Client();
    authClient.setCredentials({ access_token: accessToken, expiry_date: Date.now() + 3_000_000 });
    const options = {
        fallback: true, apiEndpoint: "127.0.0.1", port: world.port, protocol: "http", authClient,
    };
    return {
        google: new ads.GoogleAdsServiceClient(options),
        budgets: new ads.CampaignBudgetServiceClient(options),
        campaigns: new ads.CampaignServiceClient(options),
        customers: new ads.CustomerServiceClient(options),
    };
}

// The message type of that name, to decode what is inside a google.rpc.Status.
export function messageType(client, name) {
    return client._protos.lookupType(`google.ads.googleads.v24.${name}`);
}

// All rows of a search that streams.
export async function stream(client, customerId, query) {
    const rows = [];
    const call = await client.searchStream(
        { customerId, query }, { otherArgs: { headers: { "developer-token": "ignored" } } });
    for await (const batch of call) rows.push(...batch.results);
    return rows;
}
