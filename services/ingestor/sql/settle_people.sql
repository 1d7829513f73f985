-- $1 people whose orders were read
-- Which order made each a customer; a cancellation may have moved it, or taken it away.
WITH newest AS (
    SELECT DISTINCT ON (s.account, s.business_date, s.order_id)
           s.person_key, s.account, s.order_id, s.ordered_at, s.cancelled
      FROM ingest.order_seen s WHERE s.person_key = ANY ($1::bytea[])
     ORDER BY s.account, s.business_date, s.order_id, s.observed_at DESC
), first AS (
    SELECT DISTINCT ON (n.person_key) n.person_key, n.account, n.order_id, n.ordered_at
      FROM newest n WHERE NOT n.cancelled
     ORDER BY n.person_key, n.ordered_at, n.account, n.order_id
), gone AS (
    DELETE FROM ingest.person_first f
     WHERE f.person_key = ANY ($1::bytea[])
       AND NOT EXISTS (SELECT FROM first x WHERE x.person_key = f.person_key)
)
INSERT INTO ingest.person_first AS f
SELECT x.person_key, x.account, x.order_id, x.ordered_at FROM first x ORDER BY x.person_key
    ON CONFLICT (person_key) DO UPDATE
   SET account = excluded.account, order_id = excluded.order_id, ordered_at = excluded.ordered_at
 WHERE (f.account, f.order_id) IS DISTINCT FROM (excluded.account, excluded.order_id)
