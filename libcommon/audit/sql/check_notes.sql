-- An erased note keeps its row and its hash. The note that a proposal came with is in its content.
SELECT e.saga_id,
       CASE WHEN n.seq IS NULL THEN format('the note of event %s is gone', e.seq)
            ELSE format('the note of event %s is not the one of its leaf', e.seq) END
  FROM saga.event e
  LEFT JOIN saga.note_hashes() n ON n.seq = e.seq
 WHERE position(convert_to(E'\nnote ' || coalesce(encode(n.hash, 'hex'), '-') || E'\n', 'UTF8')
                IN e.leaf) = 0
 ORDER BY 1, e.seq LIMIT 20
