-- $1 token
-- The newest checks.
WITH run AS MATERIALIZED (
    SELECT * FROM guardrail.dq_run r ORDER BY r.asked_at DESC, r.id DESC LIMIT 40)
SELECT r.id::text, coalesce(nullif(r.account, ''), r.source) AS of, coalesce(r.from_day::text, '') AS "from",
       coalesce(r.to_day::text, '') AS "to", to_char(r.asked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS at,
       r.asked_by::text AS person, CASE WHEN r.asked_by IS NULL THEN 'what landed' ELSE n.name END AS name,
       coalesce(r.outcome, 'waiting') AS outcome, coalesce(r.sentence, '') AS sentence
  FROM run r
  LEFT JOIN people.names(ARRAY(SELECT x.asked_by FROM run x WHERE x.asked_by IS NOT NULL), 'token', ARRAY[$1]) n
         ON n.person = r.asked_by
 ORDER BY r.asked_at DESC, r.id DESC
