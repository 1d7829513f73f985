-- $1 limit
-- With their results.
DELETE FROM guardrail.dq_run
 WHERE id = ANY (ARRAY(SELECT old.id FROM guardrail.dq_run old
                        WHERE old.asked_at < clock_timestamp() - interval '1 year'
                        ORDER BY old.asked_at LIMIT $1 FOR UPDATE SKIP LOCKED))
