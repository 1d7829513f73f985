-- $1 sagas, $2 fences, $3 outcomes, $4 evidence, $5 read-backs' item, $6 effect, $7 micros
SELECT item, reason FROM saga.finish($1, $2, $3, $4, $5, $6, $7)
