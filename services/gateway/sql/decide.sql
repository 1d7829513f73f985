-- $1 id, $2 content hash, $3 verdict, $4 token, $5 reason
SELECT result, sentence, missing
  FROM saga.decide(ARRAY[$1::uuid], ARRAY[$2::bytea], $3, 'token', ARRAY[$4], $5)
