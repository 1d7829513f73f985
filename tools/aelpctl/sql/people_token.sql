-- $1 person, $2 SHA-256 of the token, $3 label, $4 days
SELECT people.add_token($1, $2, $3, clock_timestamp() + $4 * interval '1 day')::text
