-- A run nobody ended in its time no longer holds its flow up.
WITH ended AS (
    UPDATE ops.ops_flow_runs r SET ended_at = clock_timestamp(), outcome = 'overdue'
      FROM ops.flow f
     WHERE r.ended_at IS NULL AND f.name = r.flow AND r.started_at + f.run_max < clock_timestamp()
    RETURNING r.flow, r.due_at, f.run_max
)
INSERT INTO ops.ops_alerts (severity, flow, rule, sentence)
SELECT 'critical', flow, 'overdue', format('%s, due at %s, did not end within %s', flow, due_at, run_max)
  FROM ended
