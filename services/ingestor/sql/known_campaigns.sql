-- $1 account, $2 days, $3 campaigns
-- The days come in order. Where none of them has a fact, as in a backfill, no key is looked up.
SELECT k.n::integer - 1, v.campaign_name, v.type, v.status, v.setting, v.currency, v.impressions,
       v.clicks, v.cost_micros, v.conversions, v.conversions_on_day, v.value_micros,
       v.view_through
  FROM unnest($2::date[], $3::text[]) WITH ORDINALITY AS k (day, campaign, n)
 CROSS JOIN LATERAL (
       SELECT c.* FROM ingest.campaign_day c
        WHERE c.account = $1 AND c.business_date = k.day AND c.campaign = k.campaign
        ORDER BY c.observed_at DESC LIMIT 1) v
 WHERE EXISTS (SELECT FROM ingest.campaign_day e
                WHERE e.account = $1 AND e.business_date >= ($2::date[])[1]
                  AND e.business_date <= ($2::date[])[cardinality($2::date[])])
