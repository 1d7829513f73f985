-- $1 sagas, $2 versions, $3 content hashes, $4 states, $5 notes
-- Without a proof: no service cancels what a person proposed.
SELECT id, result, rule FROM saga.advance($1, $2, $3, $4, $5, '', '{}')
