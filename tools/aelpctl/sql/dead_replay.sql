-- $1 ids
SELECT bus.dead_replay($1)
