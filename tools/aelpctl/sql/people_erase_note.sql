-- $1 proposal, $2 version
SELECT saga.erase_note($1, $2)::text
