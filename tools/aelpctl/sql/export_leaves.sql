-- $1 from index, $2 to index
SELECT l.index, e.leaf
  FROM audit.leaf_of l LEFT JOIN saga.event e ON e.seq = l.event
 WHERE l.index >= $1 AND l.index < $2
 ORDER BY l.index
