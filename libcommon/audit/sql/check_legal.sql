-- saga.step has no versions: it is made anew from each kind's newest row. So this asks whether the
-- step may be taken today; a release that takes a role's step away makes what it did before show
-- here. An unknown outcome is told by whoever may tell a known one.
SELECT e.saga_id, format('event %s: %s took it from "%s" to "%s" (%s)', e.version, e.role,
                         e.from_state, e.to_state, e.event)
  FROM saga.event e JOIN saga.saga s ON s.id = e.saga_id
 WHERE CASE WHEN e.event = 'unknown'
            THEN e.from_state <> e.to_state
                 OR NOT EXISTS (SELECT FROM saga.step p
                                 WHERE p.kind = s.kind AND p.from_state = e.from_state
                                   AND p.role = e.role AND p.door = 'finish')
            ELSE e.event <> e.to_state AND (e.event <> 'decided' OR e.person_id IS NULL)
                 OR NOT EXISTS (SELECT FROM saga.step p
                                 WHERE p.kind = s.kind AND p.from_state = e.from_state
                                   AND p.to_state = e.to_state AND p.role = e.role) END
 ORDER BY 1, e.version LIMIT 20
