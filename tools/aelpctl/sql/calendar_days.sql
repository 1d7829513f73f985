-- $1 from, $2 to; NULL: today, and 90 days from there
SELECT d.from_day::text AS "from", d.to_day::text AS "to", d.kind, d.scope, d.name,
       coalesce(d.id::text, '') AS id
  FROM (SELECT coalesce($1::date, current_date) AS first) f
 CROSS JOIN LATERAL guardrail.calendar_days(f.first, coalesce($2::date, f.first + 90)) d
