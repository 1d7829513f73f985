-- $1 sagas, $2 content hashes, $3 rules, $4 passed, $5 values, $6 bounds, $7 sentences
SELECT saga.add_verdicts($1, $2, $3, $4, $5, $6, $7)
