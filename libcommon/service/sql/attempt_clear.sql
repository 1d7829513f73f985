-- $1 consumer, $2 sequences
SELECT bus.attempt_clear($1, $2)
