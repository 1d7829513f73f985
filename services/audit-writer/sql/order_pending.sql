-- $1 fence, $2 limit
SELECT size, hashes FROM audit.order_pending($1, $2)
