-- $1 sagas
-- Those whose time to be measured has come and that changed nothing at a platform; the others are
-- the tick's.
SELECT s.id, s.version, s.content_hash, s.state, false AS live
  FROM saga.saga s
  JOIN saga.kind k ON k.kind = s.kind AND k.version = s.kind_version
 WHERE s.id = ANY ($1) AND s.state = 'executed' AND s.due_at <= clock_timestamp()
   AND CASE WHEN k.effects_max > 0
            THEN (SELECT x.mode <> 'live' FROM saga.execution x WHERE x.saga_id = s.id)
            ELSE true END
 ORDER BY s.id
