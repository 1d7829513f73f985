-- $1 saga, $2 fence
SELECT saga.permit_send($1, $2)
