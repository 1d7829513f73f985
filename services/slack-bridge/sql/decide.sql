-- $1 saga, $2 content hash, $3 verdict, $4 raw body, $5 timestamp, $6 signature, $7 reason
SELECT result, sentence
  FROM saga.decide(ARRAY[$1::uuid], ARRAY[$2::bytea], $3, 'slack', ARRAY[$4, $5, $6]::text[], $7)
