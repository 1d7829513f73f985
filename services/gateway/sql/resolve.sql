-- $1 id, $2 content hash, $3 outcome, $4 token, $5 reason
SELECT result, sentence, 0 AS missing
  FROM saga.resolve($1, $2, $3, 'token', ARRAY[$4], $5)
