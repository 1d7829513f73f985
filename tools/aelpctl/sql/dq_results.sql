-- $1 check
-- What doesn't hold first, and of that what is critical.
SELECT f.table_name, f.rule, f.severity, f.offending, f.examples::text, f.sentence
  FROM guardrail.dq_result f WHERE f.run = $1
 ORDER BY f.passed, f.severity, f.table_name, f.rule
