-- $1 person, $2 role, $3 scope, $4 micros a day or NULL, $5 decisions an hour or NULL, $6 given
SELECT people.set_role($1, $2, $3, $4, $5, $6)::text
