-- $1 id
SELECT content_hash, version FROM saga.saga WHERE id = $1
