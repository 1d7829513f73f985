-- $1 account, $2 days, $3 ads
-- The days come in order. Where none of them has a fact, as in a backfill, no key is looked up.
SELECT k.n::integer - 1, v.campaign, v.ad_group, v.status, v.setting, v.currency, v.impressions,
       v.clicks, v.cost_micros, v.conversions, v.conversions_on_day, v.value_micros,
       v.view_through
  FROM unnest($2::date[], $3::text[]) WITH ORDINALITY AS k (day, ad, n)
 CROSS JOIN LATERAL (
       SELECT a.* FROM ingest.ad_day a
        WHERE a.account = $1 AND a.business_date = k.day AND a.ad = k.ad
        ORDER BY a.observed_at DESC LIMIT 1) v
 WHERE EXISTS (SELECT FROM ingest.ad_day e
                WHERE e.account = $1 AND e.business_date >= ($2::date[])[1]
                  AND e.business_date <= ($2::date[])[cardinality($2::date[])])
