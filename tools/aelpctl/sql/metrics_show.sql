-- $1 id
SELECT m.version::text, m.name, m.numerator, m.denominator, m.clock, m.time_window AS "window",
       m.maturity, m.unit, m.use
  FROM guardrail.metric_definitions m WHERE m.id = $1 ORDER BY m.version DESC
