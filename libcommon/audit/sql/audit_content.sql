-- $1 saga
SELECT content FROM saga.content(ARRAY[$1::uuid])
