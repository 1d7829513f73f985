-- $1 sagas, $2 when to come back, $3 owner
UPDATE budget.task t SET not_before = later.at, leased_until = '-infinity'
  FROM unnest($1::uuid[], $2::timestamptz[]) AS later (id, at)
 WHERE t.saga_id = later.id AND t.owner = $3
