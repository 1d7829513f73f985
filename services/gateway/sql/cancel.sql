-- $1 id, $2 version, $3 content hash, $4 reason, $5 token
SELECT result, rule FROM saga.advance(ARRAY[$1], ARRAY[$2], ARRAY[$3], ARRAY['cancelled'], ARRAY[$4],
                                      'token', ARRAY[$5])
