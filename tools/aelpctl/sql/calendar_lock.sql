-- $1 scope, $2 from, $3 to, $4 reason, $5 token
SELECT result, sentence
  FROM saga.lock_calendar($1, $2::text::timestamptz, $3::text::timestamptz, $4, 'token', ARRAY[$5])
