-- $1 decisions, $2 whether each was told
SELECT saga.end_notices($1, $2)
