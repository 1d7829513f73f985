-- $1 id, $2 reason, $3 token
SELECT result, reason FROM saga.begin_rollback($1, $2, 'token', ARRAY[$3])
