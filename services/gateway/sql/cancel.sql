-- $1 id, $2 version, $3 content hash, $4 reason, $5 token
SELECT result, rule FROM saga.advance(ARRAY[$1::uuid], ARRAY[$2::integer], ARRAY[$3::bytea],
                                      ARRAY['cancelled'], ARRAY[$4],
                                      'token', ARRAY[$5])
