-- $1 name, $2 value
SELECT people.set_secret($1, $2)::text
