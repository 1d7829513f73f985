-- $1 event
SELECT index, size, note FROM audit.place_of($1)
