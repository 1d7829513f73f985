-- Free text is erasable: the ledger holds its salted hash, and goes on verifying without it.

-- Those that this person wrote: with what they proposed, with each step of theirs, and why they
-- stopped or locked something.
CREATE OR REPLACE FUNCTION saga._erase_notes(p_person uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    erased bigint;
    reasons bigint;
BEGIN
    UPDATE saga.note n
       SET hash = sha256(n.salt || convert_to(n.text, 'UTF8')), salt = NULL, text = NULL
      FROM saga.event e
     WHERE e.saga_id = n.saga_id AND e.version = greatest(n.version, 1)
       AND e.person_id = p_person AND n.text IS NOT NULL;
    GET DIAGNOSTICS erased = ROW_COUNT;
    UPDATE saga.calendar_lock l SET reason = '(erased)' WHERE l.person_id = p_person;
    UPDATE saga.record_note n
       SET hash = sha256(n.salt || convert_to(n.text, 'UTF8')), salt = NULL, text = NULL
      FROM saga.event e
     WHERE e.seq = n.seq AND e.person_id = p_person AND n.text IS NOT NULL;
    GET DIAGNOSTICS reasons = ROW_COUNT;
    RETURN erased + reasons;
END $$;

-- One text alone. Version 0 is the note that a proposal came with.
CREATE OR REPLACE FUNCTION saga.erase_note(p_saga uuid, p_version integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard() AND saga._caller('aelp_admin');
BEGIN
    UPDATE saga.note n
       SET hash = sha256(n.salt || convert_to(n.text, 'UTF8')), salt = NULL, text = NULL
     WHERE n.saga_id = p_saga AND n.version = p_version AND n.text IS NOT NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no note at version % of %', p_version, p_saga
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM saga._record('note_erased', NULL, format('%s version %s', p_saga, p_version));
END $$;
