-- $1 saga, $2 owner
SELECT result, reason, retry_at, fence, mode, back, sent, n, account, resource, before_micros,
       after_micros
  FROM saga.take_over($1, $2)
