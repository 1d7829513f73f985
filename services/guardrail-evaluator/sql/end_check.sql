-- $1 check, $2 tries, $3 outcome, $4 sentence, $5 from or '', $6 to or '', $7 critical, $8 warnings,
-- $9 tables, $10 rules, $11 severities, $12 passed, $13 offending, $14 examples, $15 sentences,
-- $16 milliseconds
-- By whoever holds it still, once. Examples that grew too long are left out.
WITH ended AS (
    UPDATE guardrail.dq_run
       SET ended_at = clock_timestamp(), outcome = $3, sentence = left($4, 1000),
           from_day = coalesce(nullif($5, '')::date, from_day),
           to_day = coalesce(nullif($6, '')::date, to_day),
           rules = cardinality($10::text[]), critical = $7, warnings = $8
     WHERE id = $1 AND tries = $2 AND ended_at IS NULL
    RETURNING id
), kept AS (
    INSERT INTO guardrail.dq_result (run, table_name, rule, severity, passed, offending, examples,
                                     sentence, took_ms)
    SELECT e.id, f.table_name, f.rule, f.severity, f.passed, f.offending,
           CASE WHEN octet_length(f.examples) <= 8000 THEN f.examples ELSE '[]' END::jsonb, f.sentence,
           f.took_ms
      FROM ended e
     CROSS JOIN unnest($9::text[], $10::text[], $11::text[], $12::boolean[], $13::bigint[],
                       $14::text[], $15::text[], $16::bigint[])
                AS f (table_name, rule, severity, passed, offending, examples, sentence, took_ms)
)
SELECT count(*) FROM ended
