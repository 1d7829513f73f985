-- $1 token
SELECT person, array_to_json(roles)::text, refusal FROM saga.who('token', ARRAY[$1])
