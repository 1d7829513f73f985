-- $1 larger than, $2 up to, $3 limit
SELECT size, note FROM audit.checkpoint WHERE size > $1 AND size <= $2 ORDER BY size LIMIT $3
