-- Messages that no redelivery can help, and the attempts that led there.
CREATE OR REPLACE FUNCTION bus.bury(p_service text, p_stream text, p_sequence bigint,
                                    p_subject text, p_message_id text, p_body bytea,
                                    p_headers jsonb, p_reason text, p_attempts integer)
RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO bus.dead (role, service, stream, sequence, subject, message_id, body, headers,
                          reason, attempts)
    VALUES (session_user, p_service, p_stream, p_sequence, p_subject, p_message_id, p_body,
            p_headers, p_reason, p_attempts)
    ON CONFLICT (role, service, stream, sequence, message_id) DO NOTHING
$$;

-- Counts one more attempt of each and answers the counts in the order of sequence. A mark older
-- than a day belongs to a stream that was since made anew.
CREATE OR REPLACE FUNCTION bus.attempt_mark(p_consumer text, p_sequences bigint[])
RETURNS TABLE (sequence bigint, count integer)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO bus.attempt AS old (role, consumer, sequence, count, at)
    SELECT session_user, p_consumer, one.sequence, 1, clock_timestamp()
      FROM (SELECT DISTINCT unnest(p_sequences) AS sequence) AS one
     ORDER BY one.sequence
    ON CONFLICT (role, consumer, sequence) DO UPDATE
       SET at = excluded.at,
           count = CASE WHEN old.at < excluded.at - interval '1 day' THEN 1
                        ELSE old.count + 1 END
    RETURNING old.sequence, old.count
$$;

-- These attempts came to an end: applied, buried, or given back by a process that lives.
CREATE OR REPLACE FUNCTION bus.attempt_clear(p_consumer text, p_sequences bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    DELETE FROM bus.attempt AS old
     WHERE old.role = session_user AND old.consumer = p_consumer
       AND old.sequence = ANY (p_sequences)
$$;

CREATE OR REPLACE FUNCTION bus.dead_list(p_limit integer)
RETURNS SETOF bus.dead
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT dead.* FROM bus.dead AS dead
     WHERE dead.replayed_at IS NULL
     ORDER BY dead.id DESC
     LIMIT least(p_limit, 1000)
$$;

-- Says them again under a new id, so that JetStream's window doesn't swallow them. Everyone who
-- hears the subject hears it again, which handlers must bear anyway. Answers how many.
CREATE OR REPLACE FUNCTION bus.dead_replay(p_ids bigint[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_count integer;
BEGIN
    IF session_user <> 'aelp_admin' THEN
        RAISE EXCEPTION '% may not replay', session_user USING ERRCODE = '42501';
    END IF;
    -- What was buried is a service's word: nothing malformed gets out again.
    WITH chosen AS (
        UPDATE bus.dead AS dead SET replayed_at = clock_timestamp()
         WHERE dead.id = ANY (p_ids) AND dead.replayed_at IS NULL
           AND bus.well_formed(dead.subject, NULL, dead.body, NULL)
        RETURNING dead.id, dead.subject, dead.body
    )
    INSERT INTO bus.outbox (subject, message_id, body)
    SELECT chosen.subject, 'dead.' || chosen.id, chosen.body FROM chosen ORDER BY chosen.id;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END
$$;
