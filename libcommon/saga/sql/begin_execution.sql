-- $1 saga, $2 content hash, $3 owner, $4 the environment's mode
SELECT result, reason, retry_at, fence, mode, back, sent, n, account, resource, before_micros,
       after_micros
  FROM saga.begin_execution($1, $2, $3, $4)
