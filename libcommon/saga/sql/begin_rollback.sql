-- $1 saga, $2 reason
SELECT result, reason FROM saga.begin_rollback($1, $2, '', '{}')
