-- The newest version of each.
SELECT DISTINCT ON (m.id) m.id, m.name, m.numerator, m.denominator, m.unit, m.use
  FROM guardrail.metric_definitions m ORDER BY m.id, m.version DESC
