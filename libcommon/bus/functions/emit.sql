-- What a service says: into the outbox, in its own transaction, for the relay to publish.
CREATE OR REPLACE FUNCTION bus.subject_fits(p_pattern text, p_subject text) RETURNS boolean
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT p_subject ~ ('^' || replace(replace(replace(p_pattern, '.', '\.'), '*', '[^.]+'),
                                       '>', '.+') || '$')
$$;

-- A forged header or a wildcard must not get into NATS. (A bounded repeat such as {1,200} would
-- cost 84 µs a match; these cost 1.)
CREATE OR REPLACE FUNCTION bus.well_formed(p_subject text, p_message_id text, p_body bytea,
                                           p_traceparent text) RETURNS boolean
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(p_subject ~ '^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$'
                    AND length(p_subject) <= 250 AND octet_length(p_body) <= 900000, false)
           AND coalesce(p_message_id ~ '^[!-~]+$' AND length(p_message_id) <= 200, true)
           AND coalesce(p_traceparent ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$', true)
$$;

CREATE OR REPLACE FUNCTION bus.emit(p_subjects text[], p_message_ids text[], p_bodies bytea[],
                                    p_traceparents text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_forbidden text;
BEGIN
    SELECT said.subject INTO v_forbidden
      FROM (SELECT DISTINCT unnest(p_subjects) AS subject) AS said
     WHERE said.subject LIKE 'saga.%'
        OR NOT EXISTS (SELECT FROM bus.may_emit AS may
                        WHERE may.role = session_user
                          AND bus.subject_fits(may.subject, said.subject))
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% may not emit %', session_user, v_forbidden USING ERRCODE = '42501';
    END IF;
    IF EXISTS (SELECT FROM unnest(p_subjects, p_message_ids, p_bodies, p_traceparents)
                        AS said(subject, message_id, body, traceparent)
                WHERE NOT bus.well_formed(said.subject, said.message_id, said.body,
                                          said.traceparent)) THEN
        RAISE EXCEPTION 'emit: a subject, message id, body or traceparent is malformed'
            USING ERRCODE = '22023';
    END IF;
    INSERT INTO bus.outbox (subject, message_id, body, traceparent)
    SELECT said.subject, said.message_id, said.body, said.traceparent
      FROM unnest(p_subjects, p_message_ids, p_bodies, p_traceparents)
           WITH ORDINALITY AS said(subject, message_id, body, traceparent, n)
     ORDER BY said.n;
END
$$;
