-- In one snapshot: the tree's size, the largest that was signed, how much waits, the last minimum
-- index.
SELECT audit.size(),
       (SELECT coalesce(max(size), 0) FROM audit.checkpoint),
       (SELECT count(*) FROM audit.pending),
       last.note, last.index
  FROM (SELECT 1) AS one LEFT JOIN (SELECT note, index FROM audit.minimum
                                     ORDER BY index DESC LIMIT 1) AS last ON true
