-- $1 fence, $2 levels, $3 hashes
SELECT audit.grow($1, $2, $3)
