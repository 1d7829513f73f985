-- $1 decision, $2 raw body, $3 timestamp, $4 signature
SELECT result, sentence
  FROM saga.disown(ARRAY[$1::bigint], 'slack', ARRAY[$2, $3, $4]::text[])
