-- $1 name, $2 email or NULL
SELECT people.add_person($1, $2)::text
