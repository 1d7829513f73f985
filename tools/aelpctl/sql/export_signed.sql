-- The last checkpoint with its size, and the last minimum index.
SELECT c.size, c.note, (SELECT m.note FROM audit.minimum m ORDER BY m.index DESC LIMIT 1)
  FROM audit.checkpoint c
 ORDER BY c.size DESC LIMIT 1
