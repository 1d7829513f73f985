-- $1 token
WITH said AS MATERIALIZED (SELECT * FROM saga.controls())
SELECT json_agg(json_build_object('scope', c.scope, 'level', c.level, 'since', c.since,
                                  'person', c.person_id, 'name', n.name)
                ORDER BY c.scope)::text
  FROM said c
  LEFT JOIN people.names(ARRAY(SELECT s.person_id FROM said s), 'token', ARRAY[$1]) n
         ON n.person = c.person_id
