-- $1 scope, $2 mode
SELECT saga.set_mode($1, $2)::text
