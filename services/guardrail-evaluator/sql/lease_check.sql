-- $1 milliseconds
WITH free AS MATERIALIZED (
    SELECT id FROM guardrail.dq_run
     WHERE ended_at IS NULL AND leased_until <= clock_timestamp()
     ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE guardrail.dq_run r
   SET leased_until = clock_timestamp() + $1 * interval '1 millisecond', tries = r.tries + 1
  FROM free WHERE r.id = free.id
RETURNING r.id, r.tries, r.source, r.account, r.from_day::text, r.to_day::text, r.vintages,
          r.landed_run
