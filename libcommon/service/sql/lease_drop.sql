-- $1 name, $2 owner
SELECT bus.lease_drop($1, $2)
