-- What is pulled from, how fresh it is, and what the last pull came to.
SELECT s.account, coalesce(s.currency, '') AS currency, s.zone,
       coalesce(s.last_business_date::text, 'never') AS whole_to,
       CASE WHEN s.last_business_date IS NULL THEN ''
            WHEN s.last_business_date >= (ops.now(s.world) AT TIME ZONE s.zone)::date - 1
            THEN 'fresh'
            ELSE (ops.now(s.world) AT TIME ZONE s.zone)::date - 1 - s.last_business_date
                 || ' days late' END AS freshness,
       coalesce(to_char(s.last_observed_at AT TIME ZONE s.zone, 'YYYY-MM-DD HH24:MI'), '') AS read_at,
       CASE WHEN p.run_id IS NULL THEN ''
            WHEN p.outcome IS NULL THEN format('%s of %s days', p.days_done, p.days)
            ELSE p.outcome END || coalesce(': ' || p.why, '') AS last_pull
  FROM ingest.source_state s
  LEFT JOIN LATERAL (SELECT * FROM ingest.progress r
                      WHERE r.account = s.account AND NOT r.probe
                      ORDER BY r.run_id DESC LIMIT 1) p ON true
 ORDER BY s.account
