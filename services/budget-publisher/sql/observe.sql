-- $1 account, $2 resources, $3 names, $4 micros, $5 shared, $6 enabled, $7 periods, $8 read at
SELECT saga.observe($1, $2, $3, $4, $5, $6, $7, $8)
