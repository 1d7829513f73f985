-- $1 fence, $2 size, $3 note
SELECT audit.publish($1, $2, $3)
