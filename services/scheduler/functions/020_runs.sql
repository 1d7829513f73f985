-- Whoever did a job says so, by the message id it came under. A second word changes nothing.

CREATE OR REPLACE FUNCTION ops.end_run(p_message_id text, p_failure text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ended text;
BEGIN
    UPDATE ops.ops_flow_runs
       SET ended_at = clock_timestamp(),
           outcome = CASE WHEN p_failure IS NULL THEN 'done' ELSE 'failed' END
     WHERE message_id = p_message_id AND ended_at IS NULL
    RETURNING flow INTO ended;
    IF p_failure IS NOT NULL AND ended IS NOT NULL THEN
        INSERT INTO ops.ops_alerts (severity, flow, rule, sentence)
        VALUES ('critical', ended, 'failed', left(p_failure, 500));
    END IF;
    RETURN ended IS NOT NULL;
END $$;
