-- $1 platform/id, $2 currency, $3 zone, $4 micros of a unit, $5 simulated
SELECT saga.set_account($1, $2, $3, $4, $5)::text
