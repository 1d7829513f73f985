-- $1 account, $2 resources, $3 names, $4 micros, $5 shared, $6 enabled, $7 periods, $8 read at
-- What the ledger itself read back later than this reading began is newer: its amount stays.
SELECT saga.observe($1, r.resources, $3, r.micros, $5, $6, $7)
  FROM (SELECT array_agg(u.resource ORDER BY u.k) AS resources,
               array_agg(CASE WHEN t.live_at >= $8 THEN NULL ELSE u.micros END ORDER BY u.k)
                   AS micros
          FROM unnest($2::text[], $4::bigint[]) WITH ORDINALITY AS u (resource, micros, k)
          LEFT JOIN saga.target t ON t.account_id = $1 AND t.resource = u.resource) r
