-- $1 an id, its beginning, or a name
SELECT id FROM people.list() WHERE name = $1 OR length($1) >= 8 AND starts_with(id::text, $1)
