-- $1 subjects, $2 message ids, $3 bodies
SELECT bus.emit($1::text[], $2, $3, ARRAY(SELECT NULL::text FROM unnest($1::text[])))::text
