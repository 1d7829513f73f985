-- $1 check, $2 tries, $3 sentence
UPDATE guardrail.dq_run
   SET ended_at = clock_timestamp(), outcome = 'broken', sentence = left($3, 1000)
 WHERE id = $1 AND tries = $2 AND ended_at IS NULL
RETURNING id
