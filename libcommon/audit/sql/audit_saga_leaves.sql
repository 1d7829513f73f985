-- $1 saga
SELECT seq, leaf FROM saga.event WHERE saga_id = $1 ORDER BY version
