-- $1 subject, $2 message id, $3 body
SELECT bus.emit(ARRAY[$1], ARRAY[$2], ARRAY[$3::bytea], ARRAY[NULL::text])
