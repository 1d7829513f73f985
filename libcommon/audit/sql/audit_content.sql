-- $1 saga
SELECT saga.content($1)
