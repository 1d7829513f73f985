-- $1 owner, $2 milliseconds
-- An owner works on one task at a time: what is still its own was broken off.
-- The runs of one account go one after another, so that no older reading comes after a newer one.
WITH free AS MATERIALIZED (
    SELECT t.id FROM ingest.task t JOIN ingest.run r ON r.id = t.run_id
     WHERE t.ended_at IS NULL AND t.not_before <= clock_timestamp()
       AND (t.leased_until <= clock_timestamp() OR t.owner = $1)
       AND (r.probe OR NOT EXISTS (SELECT FROM ingest.run o
                                    WHERE o.account = r.account AND o.ended_at IS NULL
                                      AND NOT o.probe AND o.id < r.id))
     ORDER BY r.probe DESC, r.id, t.id
     LIMIT 1 FOR UPDATE OF t SKIP LOCKED
), taken AS (
    UPDATE ingest.task t
       SET leased_until = clock_timestamp() + $2 * interval '1 millisecond', owner = $1,
           fence = t.fence + 1, pages = 0, read_rows = 0
      FROM free WHERE t.id = free.id
    RETURNING t.*
)
SELECT t.id, t.fence, t.run_id, r.account, t.level, t.from_date, t.to_date, t.tries, r.probe
  FROM taken t JOIN ingest.run r ON r.id = t.run_id
