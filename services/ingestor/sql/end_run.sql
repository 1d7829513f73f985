-- $1 run
-- No row: it has open tasks, or had ended. The account's last day only goes on when nothing is
-- left out.
WITH task AS (
    SELECT count(*) FILTER (WHERE t.ended_at IS NULL) AS open,
           min(t.why) FILTER (WHERE t.outcome = 'failed') AS why
      FROM ingest.task t WHERE t.run_id = $1
), ended AS (
    UPDATE ingest.run r
       SET ended_at = clock_timestamp(), why = task.why,
           outcome = CASE WHEN task.why IS NULL THEN 'done' ELSE 'failed' END
      FROM task WHERE r.id = $1 AND r.ended_at IS NULL AND task.open = 0
    RETURNING r.*
), whole AS (
    UPDATE ingest.source_state s SET last_business_date = greatest(s.last_business_date, e.to_date)
      FROM ended e
     WHERE s.account = e.account AND e.outcome = 'done' AND NOT e.probe
       AND (s.last_business_date IS NULL OR e.from_date <= s.last_business_date + 1)
)
SELECT e.message_id, e.account, e.from_date::text, e.to_date::text, e.vintages,
       e.probe, e.outcome = 'done',
       NOT EXISTS (SELECT FROM ingest.run o WHERE o.message_id = e.message_id AND o.id <> e.id
                                              AND o.ended_at IS NULL),
       coalesce(e.why, (SELECT min(o.why) FROM ingest.run o
                         WHERE o.message_id = e.message_id AND o.outcome = 'failed'))
  FROM ended e
