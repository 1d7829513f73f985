-- An event waits for its leaf or has it, never both. What the tree holds is compared leaf by leaf
-- with what was signed; here no event escapes it and no leaf is of nothing.
SELECT e.saga_id,
       CASE WHEN e.seq IS NULL AND l.index IS NULL THEN format('what waits as %s is no event', p.seq)
            WHEN e.seq IS NULL THEN format('leaf %s is of no event', l.index)
            WHEN l.index IS NULL AND p.seq IS NULL THEN format('event %s has no leaf', e.seq)
            WHEN p.hash <> e.leaf_hash THEN format('event %s waits with another hash', e.seq)
            ELSE format('event %s has a leaf and waits for another', e.seq) END
  FROM saga.event e
  FULL JOIN audit.leaf_of l ON l.event = e.seq
  FULL JOIN audit.pending p ON p.seq = coalesce(e.seq, l.event)
 WHERE CASE WHEN e.seq IS NULL
            THEN p.seq IS NOT NULL
                 OR l.index >= coalesce((SELECT max(m.index) FROM audit.minimum m), 0)
            ELSE (l.index IS NULL) = (p.seq IS NULL) OR p.hash IS DISTINCT FROM e.leaf_hash
                 AND p.seq IS NOT NULL END
 ORDER BY 1, coalesce(e.seq, l.event, p.seq) LIMIT 20
