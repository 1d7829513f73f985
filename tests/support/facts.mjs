// facts: days of campaigns, ads and sessions as sources report them, written where the ingestor would.
// Random, but the same for the same seed.

export const source = "google";
export const account = "google/730";
export const property = "ga4/4650";

// A generator of numbers in [0, 1).
function dice(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = Math.imul(state ^ (state >>> 15), state | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
}

export const dayText = (day) => new Date(day * 86_400_000).toISOString().slice(0, 10);
export const yesterday = () => Math.floor(Date.now() / 86_400_000) - 1;

// A year and more in which nothing is wrong: weekdays, a season, promo days at threefold, campaigns
// that begin and that are paused, and days on which an ad sells nothing.
export async function writeFacts(sql, { days = 400, campaigns = 20, ads = 3, last = yesterday(), seed = 4650 } = {}) {
    const random = dice(seed);
    const rows = { campaign: [], ad: [], sessions: [] };
    for (let day = last - days + 1; day <= last; day++) {
        const ago = last - day; // so that the day on which the test runs changes nothing
        const demand = (1 + 0.3 * Math.sin(ago / 58)) * (ago % 7 > 4 ? 0.6 : 1) * (ago % 91 > 87 ? 3 : 1);
        for (let c = 0; c < campaigns; c++) {
            const age = day - (last - days + 1);
            if (c % 5 === 3 && age < days / 2 || c % 5 === 4 && age > days / 3) continue; // begins; was paused
            rows.campaign.push(oneCampaign({ random, rows, day, c, ads, demand, paused: c % 5 === 4 }));
        }
        for (let s = 0; s < 4; s++) {
            const sessions = Math.round(1200 * demand * (0.9 + 0.2 * random()));
            rows.sessions.push([`source-${s}`, dayText(day), sessions, Math.round(sessions * 0.8),
                Math.round(sessions * 0.03), sessions * 1_230_000]);
        }
    }
    await copy(sql, rows);
}

function oneCampaign({ random, rows, day, c, ads, demand, paused }) {
    const sums = [0, 0, 0, 0];
    for (let a = 0; a < ads; a++) {
        const impressions = Math.round(900 * demand * (0.5 + random()) * (1 + c / 4));
        const clicks = Math.round(impressions * (0.01 + 0.03 * random()));
        const cost = Math.round(clicks * (40 + 60 * random())) * 10_000;
        const conversions = Math.round(clicks * 0.05);
        rows.ad.push([`ad-${c}-${a}`, dayText(day), `campaign-${c}`, "enabled", impressions, clicks, cost, conversions]);
        [impressions, clicks, cost, conversions].forEach((value, i) => (sums[i] += value));
    }
    return [`campaign-${c}`, dayText(day), paused ? "paused" : "enabled", ...sums];
}

// Column after column, as one statement each.
async function copy(sql, { campaign, ad, sessions }) {
    const column = (rows, i) => rows.map((row) => row[i]);
    await sql.query(`INSERT INTO ingest.source_state (account, zone, currency, last_observed_at, last_business_date)
        VALUES ($1, 'Etc/UTC', 'USD', now(), $3), ($2, 'Etc/UTC', 'USD', now(), $3)`,
    [account, property, campaign.at(-1)[1]]);
    await sql.query(`INSERT INTO ingest.campaign_day (account, campaign, business_date, campaign_name, type, status,
            setting, currency, impressions, clicks, cost_micros, conversions, value_micros, view_through, observed_at, raw_id)
        SELECT $1, c, d, 'name of ' || c, 'search', s, 'click_date', 'USD', i, k, m, v, v * 70000000, 0, now(), 1
          FROM unnest($2::text[], $3::date[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
               AS u (c, d, s, i, k, m, v)`, [account, ...[0, 1, 2, 3, 4, 5, 6].map((i) => column(campaign, i))]);
    await sql.query(`INSERT INTO ingest.ad_day (account, ad, business_date, campaign, ad_group, status,
            setting, currency, impressions, clicks, cost_micros, conversions, value_micros, view_through, observed_at, raw_id)
        SELECT $1, a, d, c, 'group', s, 'click_date', 'USD', i, k, m, v, v * 70000000, 0, now(), 1
          FROM unnest($2::text[], $3::date[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])
               AS u (a, d, c, s, i, k, m, v)`, [account, ...[0, 1, 2, 3, 4, 5, 6, 7].map((i) => column(ad, i))]);
    await sql.query(`INSERT INTO ingest.ga4_day (account, utm_source, utm_medium, campaign, business_date, currency,
            sessions, users, key_events, value_micros, observed_at, raw_id)
        SELECT $1, s, 'cpc', '(none)', d, 'USD', n, u, k, v, now(), 1
          FROM unnest($2::text[], $3::date[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
               AS u (s, d, n, u, k, v)`, [property, ...[0, 1, 2, 3, 4, 5].map((i) => column(sessions, i))]);
    await sql.query("ANALYZE ingest.campaign_day, ingest.ad_day, ingest.ga4_day");
}
