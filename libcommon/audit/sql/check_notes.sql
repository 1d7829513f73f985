-- An erased note keeps its row and its hash. The note that a proposal came with is in its content.
SELECT e.saga_id,
       CASE WHEN n.saga_id IS NULL THEN format('the note of event %s is gone', e.version)
            ELSE format('the note of event %s is not the one of its leaf', e.version) END
  FROM saga.event e
  LEFT JOIN saga.note_hashes() n ON n.saga_id = e.saga_id AND n.version = e.version
 WHERE e.saga_id IS NOT NULL
   AND position(convert_to(E'\nnote ' || coalesce(encode(n.hash, 'hex'), '-') || E'\npolicy ', 'UTF8')
                IN e.leaf) = 0
 ORDER BY 1, e.version LIMIT 20
