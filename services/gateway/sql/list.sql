-- $1 state or NULL, $2 the id the page before ended with or NULL, $3 how many,
-- $4 and $5 the first and last id that begin as asked, or NULL
-- Ids grow with time, so their order is the proposals' order. What is still in motion is few.
SELECT encode(uuid_send(s.id), 'hex'),
       json_build_object('id', s.id, 'kind', s.kind, 'state', s.state, 'version', s.version,
                         'mode', s.mode, 'headline', saga.headline(s.id),
                         'hash', encode(s.content_hash, 'hex'), 'proposer', s.proposer_person,
                         'created_at', s.created_at, 'expires_at', s.expires_at,
                         'state_at', s.state_at)::text
  FROM saga.saga s
 WHERE ($1::text IS NULL
        OR s.state = $1
           AND ($1 NOT IN ('proposed', 'cleared', 'approved', 'executing', 'executed',
                           'rolling_back')
                OR s.id IN (SELECT o.saga_id FROM saga.open o)))
   AND ($2::uuid IS NULL OR s.id < $2)
   AND ($4::uuid IS NULL OR s.id BETWEEN $4 AND $5)
 ORDER BY s.id DESC LIMIT $3
