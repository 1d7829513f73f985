-- $1 sagas
-- Those whose time to be measured has come; the others are the tick's, and so are those that
-- changed something at a platform.
SELECT s.id, s.version, s.content_hash, s.state, false AS live
  FROM saga.saga s
  JOIN saga.kind k ON k.kind = s.kind AND k.version = s.kind_version
 WHERE s.id = ANY ($1) AND s.state = 'executed' AND s.due_at <= clock_timestamp()
   AND CASE WHEN k.effects_max > 0
            THEN NOT EXISTS (SELECT FROM saga.execution x
                              WHERE x.saga_id = s.id AND x.mode = 'live')
            ELSE true END
 ORDER BY s.id
