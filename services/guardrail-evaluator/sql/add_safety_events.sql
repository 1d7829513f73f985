-- $1 sagas, $2 versions, $3 events, $4 rules, $5 sentences
-- A proposal that waits is judged again and again: its first row stands.
INSERT INTO guardrail.safety_events (saga_id, version, event, rule, sentence)
SELECT * FROM unnest($1, $2, $3, $4, $5)
ON CONFLICT (saga_id, version, event, rule) DO NOTHING
