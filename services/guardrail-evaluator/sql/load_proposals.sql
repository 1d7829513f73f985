-- $1 sagas
-- Those still to be judged, each with its kind's rules and caps (the stricter of the version it was
-- made under and today's). What has expired is the tick's. Kill switch and calendar are asked
-- once for each kind and set of accounts, not for each saga: `law` counts these.
WITH asked AS MATERIALIZED (
    SELECT s.id, s.version, s.content_hash, s.kind, s.kind_version,
           CASE WHEN k.effects_max > 0
                THEN ARRAY(SELECT DISTINCT t.account_id
                             FROM saga.effect e JOIN saga.target t ON t.id = e.target_id
                            WHERE e.saga_id = s.id ORDER BY 1)
                ELSE '{}' END AS accounts
      FROM saga.saga s
      JOIN saga.kind k ON k.kind = s.kind AND k.version = s.kind_version
     WHERE s.id = ANY ($1) AND s.state = 'proposed' AND s.expires_at > clock_timestamp()
), law AS MATERIALIZED (
    SELECT (row_number() OVER ())::integer AS law, d.kind, d.kind_version, d.accounts,
           saga.level(d.accounts, d.kind) AS level,
           coalesce(saga.locked(d.accounts), '') AS lock, array_to_string(k.rules, ' ') AS rules,
           least(k.change_bp, now.change_bp) AS change_bp, least(k.day_bp, now.day_bp) AS day_bp,
           least(k.target_drift_bp, now.target_drift_bp) AS target_drift_bp,
           least(k.account_drift_bp, now.account_drift_bp) AS account_drift_bp,
           least(k.from_zero_micros, now.from_zero_micros) AS from_zero_micros
      FROM (SELECT DISTINCT kind, kind_version, accounts FROM asked) d
      JOIN saga.kind k ON k.kind = d.kind AND k.version = d.kind_version
     CROSS JOIN LATERAL (SELECT n.* FROM saga.kind n WHERE n.kind = d.kind
                          ORDER BY n.version DESC LIMIT 1) now
)
SELECT a.id, a.version, a.content_hash, cardinality(a.accounts) > 0 AS has_effects, l.law, l.kind,
       array_to_string(l.accounts, ', ') AS accounts, l.level, l.rules, l.change_bp, l.day_bp,
       l.target_drift_bp, l.account_drift_bp, l.from_zero_micros, l.lock
  FROM asked a
  JOIN law l ON l.kind = a.kind AND l.kind_version = a.kind_version AND l.accounts = a.accounts
 ORDER BY a.id
