-- $1 kind, $2 request, $3 note, $4 replaces, $5 seconds it may wait, $6 effect's item (all 1),
-- $7 accounts, $8 resources, $9 micros, $10 token
SELECT id, version, hash, created, refusal
  FROM saga.propose($1, ARRAY[$2]::uuid[], ARRAY[''::bytea], ARRAY[$3]::text[], ARRAY[$4]::uuid[],
                    $5 * interval '1 second', $6, $7, $8, $9, 'token', ARRAY[$10])
