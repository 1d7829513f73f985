-- $1 fence, $2 index, $3 note
SELECT audit.raise_minimum($1, $2, $3)
