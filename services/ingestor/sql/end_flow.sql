-- $1 message id, $2 what failed
-- Nothing, if no flow started it.
SELECT ops.end_run($1, $2)
