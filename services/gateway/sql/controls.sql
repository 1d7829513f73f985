-- The level in force of each scope that has one: the last stop that no resume has lifted, or the
-- last run. Where nobody ever said run for all, all is stopped.
WITH in_force AS (
    SELECT DISTINCT ON (c.scope) c.scope, c.level, c.at, c.person_id
      FROM saga.control c
     WHERE c.effective
       AND (c.level = 'run'
            OR NOT EXISTS (SELECT FROM saga.control r
                            WHERE r.scope = c.scope AND r.effective AND r.level = 'run'
                              AND coalesce(r.lifts, r.id) >= c.id))
     ORDER BY c.scope, c.level = 'run', c.id DESC),
levels AS (
    SELECT * FROM in_force
    UNION ALL
    SELECT '*', 'stop', NULL, NULL WHERE NOT EXISTS (SELECT FROM in_force f WHERE f.scope = '*'))
SELECT json_agg(json_build_object('scope', scope, 'level', level, 'since', at, 'person', person_id)
                ORDER BY scope)::text
  FROM levels
