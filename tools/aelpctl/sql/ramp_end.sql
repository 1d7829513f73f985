-- $1 ramp, $2 token
SELECT result, sentence FROM saga.end_ramp($1, 'token', ARRAY[$2])
