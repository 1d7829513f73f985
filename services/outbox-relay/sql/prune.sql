-- $1 limit
-- Rows of the inbox and of attempts that are too old to matter.
SELECT bus.prune($1)
