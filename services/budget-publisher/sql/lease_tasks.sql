-- $1 owner, $2 limit, $3 milliseconds
WITH free AS MATERIALIZED (
    SELECT saga_id, step FROM budget.task
     WHERE not_before <= clock_timestamp() AND leased_until <= clock_timestamp()
     LIMIT $2 FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE budget.task t
       SET leased_until = clock_timestamp() + $3 * interval '1 millisecond', owner = $1,
           tries = t.tries + 1
      FROM free WHERE t.saga_id = free.saga_id AND t.step = free.step
    RETURNING t.saga_id, t.step
)
SELECT taken.saga_id, s.content_hash, s.state
  FROM taken JOIN saga.saga s ON s.id = taken.saga_id
