-- $1 subjects, $2 message ids, $3 bodies
SELECT bus.emit($1, $2, $3, array_fill(NULL::text, ARRAY[cardinality($1)]))::text
