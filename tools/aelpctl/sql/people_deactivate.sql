-- $1 person
SELECT people.set_active($1, false)::text, people.revoke_tokens($1)
