-- Flows that may start now, each from the last time it was due.
SELECT f.name, f.schedule, f.zone, ops.now(f.world),
       greatest(f.since, (SELECT max(r.due_at) FROM ops.ops_flow_runs r WHERE r.flow = f.name))
  FROM ops.flow f
 WHERE f.enabled
   AND NOT EXISTS (SELECT FROM ops.ops_flow_runs r WHERE r.flow = f.name AND r.ended_at IS NULL)
 ORDER BY f.name
