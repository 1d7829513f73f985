-- $1 check
SELECT coalesce(r.outcome, 'waiting'), coalesce(r.sentence, '') FROM guardrail.dq_run r WHERE r.id = $1
