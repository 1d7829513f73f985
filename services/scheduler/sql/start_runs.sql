-- $1 flows, $2 due times, $3 due times missed before
-- Another scheduler may have been first; its run stands.
WITH started AS (
    INSERT INTO ops.ops_flow_runs (flow, due_at, missed, message_id)
    SELECT flow, due_at, missed,
           'flow.' || flow || '.' || to_char(due_at AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"')
      FROM unnest($1::text[], $2::timestamptz[], $3::integer[]) AS u (flow, due_at, missed)
        ON CONFLICT DO NOTHING
    RETURNING flow, message_id
), jobs AS (
    SELECT array_agg(f.subject ORDER BY f.name) AS subjects,
           array_agg(s.message_id ORDER BY f.name) AS ids,
           array_agg(f.payload ORDER BY f.name) AS bodies, count(*)::integer AS count
      FROM started s JOIN ops.flow f ON f.name = s.flow
)
SELECT bus.emit(subjects, ids, bodies, array_fill(NULL::text, ARRAY[count])) FROM jobs WHERE count > 0
