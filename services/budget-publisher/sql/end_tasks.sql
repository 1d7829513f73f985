-- $1 sagas, $2 owner
-- An order without an outcome isn't at its end: another runner began it after we looked. Should
-- that one die, the task must still be there.
WITH under_way AS MATERIALIZED (
    SELECT s.id FROM saga.saga s JOIN saga.execution x ON x.saga_id = s.id
      JOIN saga.attempt a ON a.saga_id = x.saga_id AND a.fence = x.fence
     WHERE s.id = ANY ($1) AND s.state IN ('executing', 'rolling_back') AND a.outcome IS NULL
), kept AS (
    UPDATE budget.task t
       SET not_before = clock_timestamp() + interval '5 s', leased_until = '-infinity'
      FROM under_way u WHERE t.saga_id = u.id AND t.owner = $2
)
DELETE FROM budget.task
 WHERE saga_id = ANY ($1) AND owner = $2 AND saga_id NOT IN (SELECT id FROM under_way)
