-- How far each run is: a day is done when every level of it is. why: what failed, or what it is
-- being tried again for.
CREATE OR REPLACE VIEW ingest.progress AS
SELECT r.id AS run_id, r.message_id, r.account, r.from_date, r.to_date, r.probe, r.begun_at,
       r.ended_at, r.outcome, coalesce(r.why, t.why) AS why, r.vintages,
       coalesce(t.pages, 0) AS pages, coalesce(t.read_rows, 0) AS read_rows,
       r.to_date - r.from_date + 1 AS days, coalesce(t.days_done, 0) AS days_done
  FROM ingest.run r
  LEFT JOIN LATERAL (
      SELECT sum(l.pages)::bigint AS pages, sum(l.read_rows)::bigint AS read_rows,
             min(l.days_done)::integer AS days_done, max(l.why) AS why
        FROM (SELECT sum(k.pages) AS pages, sum(k.read_rows) AS read_rows,
                     coalesce(sum(k.to_date - k.from_date + 1) FILTER (WHERE k.outcome = 'done'), 0)
                     AS days_done,
                     max(k.why) FILTER (WHERE k.ended_at IS NULL) AS why
                FROM ingest.task k WHERE k.run_id = r.id GROUP BY k.level) l) t ON true;
