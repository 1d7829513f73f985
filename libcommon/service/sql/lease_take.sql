-- $1 name, $2 owner, $3 milliseconds
SELECT bus.lease_take($1, $2, $3 * interval '1 millisecond')
