-- The right edge of every level, and the last checkpoint.
SELECT level::integer, tiles, hashes, (SELECT coalesce(max(size), 0) FROM audit.checkpoint)
  FROM audit.edge ORDER BY level
