-- $1 sources, $2 accounts or ''
-- The accounts each job is about, with today's date there.
WITH job AS MATERIALIZED (
    SELECT j.source, j.account, j.n FROM unnest($1::text[], $2::text[])
           WITH ORDINALITY AS j (source, account, n)
), asked AS (
    SELECT j.n, s.account FROM job j JOIN ingest.source_state s ON s.account = j.account
     UNION ALL
    SELECT j.n, s.account FROM job j JOIN ingest.source_state s ON s.source = j.source
     WHERE j.account = ''
)
SELECT a.n::integer - 1, s.account, (ops.now(s.world) AT TIME ZONE s.zone)::date,
       s.last_business_date
  FROM asked a JOIN ingest.source_state s ON s.account = a.account
 ORDER BY a.n, s.account
