-- $1 limit
-- Rows that are too old to matter: of the inbox, attempts, dead letters; readings of budgets.
SELECT bus.prune($1) + saga.prune($1)
