-- $1 account, $2 days, $3 sources, $4 media, $5 campaigns
-- The days come in order. Where none of them has a fact, as in a backfill, no key is looked up.
SELECT k.n::integer - 1, v.currency, v.sessions, v.users, v.key_events, v.value_micros
  FROM unnest($2::date[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY
       AS k (day, utm_source, utm_medium, campaign, n)
 CROSS JOIN LATERAL (
       SELECT g.* FROM ingest.ga4_day g
        WHERE g.account = $1 AND g.business_date = k.day AND g.utm_source = k.utm_source
          AND g.utm_medium = k.utm_medium AND g.campaign = k.campaign
        ORDER BY g.observed_at DESC LIMIT 1) v
 WHERE EXISTS (SELECT FROM ingest.ga4_day e
                WHERE e.account = $1 AND e.business_date >= ($2::date[])[1]
                  AND e.business_date <= ($2::date[])[cardinality($2::date[])])
