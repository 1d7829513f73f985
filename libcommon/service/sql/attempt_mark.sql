-- $1 consumer, $2 sequences
SELECT marked.sequence, marked.count FROM bus.attempt_mark($1, $2) AS marked ORDER BY marked.sequence
