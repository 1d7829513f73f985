-- $1 sagas, $2 versions, $3 events, $4 rules, $5 sentences
-- A proposal that waits is judged again and again: its first row stands.
INSERT INTO guardrail.safety_events (saga_id, version, event, rule, sentence)
SELECT * FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::text[])
ON CONFLICT (saga_id, version, event, rule) DO NOTHING
