-- $1 sagas, $2 owner
DELETE FROM budget.task WHERE saga_id = ANY ($1) AND owner = $2
