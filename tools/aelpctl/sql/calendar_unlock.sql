-- $1 lock, $2 token
SELECT result, sentence FROM saga.unlock_calendar($1, 'token', ARRAY[$2])
