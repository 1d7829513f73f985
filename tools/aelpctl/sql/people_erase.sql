-- $1 person
SELECT people.erase($1)::text
