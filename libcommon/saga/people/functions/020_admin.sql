-- The doors of aelp_admin. Each change of who may do what is a record in the ledger.

CREATE OR REPLACE FUNCTION people.add_person(p_name text, p_email text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    called constant boolean := saga._caller('aelp_admin');
    made uuid;
BEGIN
    IF EXISTS (SELECT FROM people.name n WHERE n.email = p_email) THEN
        RAISE EXCEPTION 'somebody has the address % already', left(p_email, 80)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO people.person DEFAULT VALUES RETURNING id INTO made;
    INSERT INTO people.name (person_id, name, email) VALUES (made, p_name, p_email);
    PERFORM saga._record('person_added', made, '');
    RETURN made;
END $$;

-- Who was erased is nobody any more. The lock makes an erasure wait for what is being given.
CREATE OR REPLACE FUNCTION people._need(p_person uuid) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM people.person p WHERE p.id = p_person AND p.erased_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no person %', p_person USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION people.set_active(p_person uuid, p_active boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known constant boolean := saga._caller('aelp_admin') AND people._need(p_person);
BEGIN
    UPDATE people.person SET active = p_active WHERE id = p_person;
    PERFORM saga._record('person_active', p_person, p_active::text);
END $$;

-- p_role with p_scope is given, or taken when p_given is false.
CREATE OR REPLACE FUNCTION people.set_role(p_person uuid, p_role text, p_scope text,
                                           p_day_micros_max bigint, p_hour_decisions_max integer,
                                           p_given boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known constant boolean := saga._caller('aelp_admin') AND people._need(p_person);
    roles constant text[] := '{viewer,proposer,approver,admin,auditor,operator}';
BEGIN
    IF (p_role = ANY (roles)) IS NOT TRUE THEN
        RAISE EXCEPTION 'there is no role ''%''; known: %', left(p_role, 80),
            array_to_string(roles, ', ') USING ERRCODE = 'invalid_parameter_value';
    END IF;
    DELETE FROM people.grant_of WHERE person_id = p_person AND role = p_role AND scope = p_scope;
    IF p_given THEN
        INSERT INTO people.grant_of
        VALUES (p_person, p_role, p_scope, p_day_micros_max, p_hour_decisions_max);
    END IF;
    PERFORM saga._record('person_role', p_person,
                         format('%s %s %s day %s hour %s', CASE WHEN p_given THEN '+' ELSE '-' END,
                                p_role, p_scope, p_day_micros_max, p_hour_decisions_max));
END $$;

-- The token itself is made and shown by the caller; only its hash comes here.
CREATE OR REPLACE FUNCTION people.add_token(p_person uuid, p_hash bytea, p_label text,
                                            p_expires timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known constant boolean := saga._caller('aelp_admin') AND people._need(p_person);
BEGIN
    IF p_expires > clock_timestamp() + interval '366 days' THEN
        RAISE EXCEPTION 'a token lives a year at most' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO people.credential (hash, person_id, label, expires_at)
    VALUES (p_hash, p_person, p_label, p_expires);
    PERFORM saga._record('token_added', p_person, encode(sha256(p_hash), 'hex'));
END $$;

CREATE OR REPLACE FUNCTION people.revoke_tokens(p_person uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    called constant boolean := saga._caller('aelp_admin');
    revoked integer;
BEGIN
    UPDATE people.credential SET revoked_at = clock_timestamp()
     WHERE person_id = p_person AND revoked_at IS NULL;
    GET DIAGNOSTICS revoked = ROW_COUNT;
    PERFORM saga._record('tokens_revoked', p_person, revoked::text);
    RETURN revoked;
END $$;

CREATE OR REPLACE FUNCTION people.link_slack(p_person uuid, p_team text, p_user text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known constant boolean := saga._caller('aelp_admin') AND people._need(p_person);
BEGIN
    INSERT INTO people.slack_link (team, slack_user, person_id) VALUES (p_team, p_user, p_person);
    PERFORM saga._record('slack_linked', p_person, '');
END $$;

-- All of a person's links: nobody's clicks are theirs any more. How many there were.
CREATE OR REPLACE FUNCTION people.unlink_slack(p_person uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known constant boolean := saga._caller('aelp_admin') AND people._need(p_person);
    unlinked integer;
BEGIN
    DELETE FROM people.slack_link l WHERE l.person_id = p_person;
    GET DIAGNOSTICS unlinked = ROW_COUNT;
    IF unlinked > 0 THEN
        PERFORM saga._record('slack_unlinked', p_person, '');
    END IF;
    RETURN unlinked;
END $$;

-- Everything that tells who this was; the ledger keeps the opaque id. For good: nobody is given
-- anything under it again. How many notes went with it; a note that was being written meanwhile
-- goes when it is said again.
CREATE OR REPLACE FUNCTION people.erase(p_person uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    called constant boolean := saga._caller('aelp_admin');
    notes bigint;
BEGIN
    UPDATE people.person p
       SET active = false, erased_at = coalesce(p.erased_at, clock_timestamp())
     WHERE p.id = p_person;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no person %', p_person USING ERRCODE = 'invalid_parameter_value';
    END IF;
    DELETE FROM people.name n WHERE n.person_id = p_person;
    DELETE FROM people.slack_link l WHERE l.person_id = p_person;
    DELETE FROM people.credential c WHERE c.person_id = p_person;
    DELETE FROM people.grant_of g WHERE g.person_id = p_person;
    notes := saga._erase_notes(p_person);
    PERFORM saga._record('person_erased', p_person, '');
    RETURN notes;
END $$;

CREATE OR REPLACE FUNCTION people.set_secret(p_name text, p_value bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    called constant boolean := saga._caller('aelp_admin');
BEGIN
    INSERT INTO people.secret (name, value) VALUES (p_name, p_value)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value;
    PERFORM saga._record('secret_set', NULL, p_name);
END $$;

CREATE OR REPLACE FUNCTION people.list()
RETURNS TABLE (id uuid, name text, email text, active boolean, roles text[], slack text[],
               tokens bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    called constant boolean := saga._caller('aelp_admin');
BEGIN
    RETURN QUERY
    SELECT p.id, CASE WHEN p.erased_at IS NULL THEN n.name ELSE '(erased)' END, n.email, p.active,
           ARRAY(SELECT g.role || CASE WHEN g.scope = '*' THEN '' ELSE ' ' || g.scope END
                   FROM people.grant_of g WHERE g.person_id = p.id ORDER BY 1),
           ARRAY(SELECT l.team || '/' || l.slack_user FROM people.slack_link l
                  WHERE l.person_id = p.id ORDER BY 1),
           (SELECT count(*) FROM people.credential c
             WHERE c.person_id = p.id AND c.revoked_at IS NULL
               AND c.expires_at > clock_timestamp())
      FROM people.person p LEFT JOIN people.name n ON n.person_id = p.id
     ORDER BY n.name;
END $$;
