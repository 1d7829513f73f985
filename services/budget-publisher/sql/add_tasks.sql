-- $1 sagas, $2 state a saga must be in, $3 step
-- A task is unique by saga and step, so a repeated message adds nothing.
INSERT INTO budget.task (saga_id, step)
SELECT s.id, $3 FROM unnest($1::uuid[]) AS asked (id) JOIN saga.saga s ON s.id = asked.id
 WHERE s.state = $2
    ON CONFLICT (saga_id, step) DO NOTHING
