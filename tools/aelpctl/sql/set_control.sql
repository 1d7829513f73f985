-- $1 scope, $2 level, $3 token, $4 reason
SELECT result, sentence FROM saga.set_control($1, $2, 'token', ARRAY[$3], $4)
