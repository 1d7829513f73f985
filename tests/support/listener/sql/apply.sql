-- $1 message ids, $2 subjects
-- No key of its own on purpose: only bus.inbox keeps a repeat out.
INSERT INTO test.applied (message_id, subject)
SELECT said.message_id, said.subject
  FROM unnest($1, $2) AS said(message_id, subject)
  JOIN bus.inbox_new($1) AS fresh(message_id) USING (message_id)
