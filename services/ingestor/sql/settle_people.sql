-- $1 account, $2 orders that were read
-- Which order made each of their people a customer; also of those that they stood for before. A
-- cancellation may have moved it, or taken it away.
WITH person AS (
    SELECT DISTINCT s.person_key AS key
      FROM unnest($2::text[]) AS i (id)
      JOIN ingest.order_seen s ON s.account = $1 AND s.order_id = i.id
     WHERE s.person_key IS NOT NULL
), touched AS (
    SELECT DISTINCT s.account, s.order_id
      FROM person p JOIN ingest.order_seen s ON s.person_key = p.key
), newest AS (
    SELECT v.person_key, t.account, t.order_id, v.ordered_at, v.cancelled
      FROM touched t
     CROSS JOIN LATERAL (
           SELECT s.person_key, s.ordered_at, s.cancelled FROM ingest.order_seen s
            WHERE s.account = t.account AND s.order_id = t.order_id
            ORDER BY s.observed_at DESC LIMIT 1) v
), first AS (
    SELECT DISTINCT ON (n.person_key) n.person_key, n.account, n.order_id, n.ordered_at
      FROM newest n JOIN person p ON p.key = n.person_key WHERE NOT n.cancelled
     ORDER BY n.person_key, n.ordered_at, n.account, n.order_id
), gone AS (
    DELETE FROM ingest.person_first f USING person p
     WHERE f.person_key = p.key AND NOT EXISTS (SELECT FROM first x WHERE x.person_key = p.key)
)
INSERT INTO ingest.person_first AS f
SELECT x.person_key, x.account, x.order_id, x.ordered_at FROM first x ORDER BY x.person_key
    ON CONFLICT (person_key) DO UPDATE
   SET account = excluded.account, order_id = excluded.order_id, ordered_at = excluded.ordered_at
 WHERE (f.account, f.order_id) IS DISTINCT FROM (excluded.account, excluded.order_id)
