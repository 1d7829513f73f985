-- $1 sources, $2 accounts, $3 from, $4 to, $5 vintages, $6 runs
-- What landed once is checked once, however often it is said.
INSERT INTO guardrail.dq_run (source, account, from_day, to_day, vintages, landed_run)
SELECT l.source, l.account, l.from_day::date, l.to_day::date, l.vintages, l.run
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
       AS l (source, account, from_day, to_day, vintages, run)
 ORDER BY l.source, l.run
ON CONFLICT (source, landed_run) DO NOTHING
