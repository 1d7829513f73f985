-- $1 check, $2 tries, $3 milliseconds from now; none to give it back
UPDATE guardrail.dq_run
   SET leased_until = clock_timestamp() + $3 * interval '1 millisecond'
 WHERE id = $1 AND tries = $2 AND ended_at IS NULL
RETURNING id
