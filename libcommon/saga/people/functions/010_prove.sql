-- From a proof to a person. No surface names a person: it hands over what the person showed.

CREATE OR REPLACE FUNCTION people._hmac_sha256(p_key bytea, p_message bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    block bytea := CASE WHEN octet_length(p_key) > 64 THEN sha256(p_key) ELSE p_key END;
    inner_pad bytea;
    outer_pad bytea;
BEGIN
    block := block || decode(repeat('00', 64 - octet_length(block)), 'hex');
    inner_pad := block;
    outer_pad := block;
    FOR i IN 0..63 LOOP
        inner_pad := set_byte(inner_pad, i, get_byte(block, i) # 54);
        outer_pad := set_byte(outer_pad, i, get_byte(block, i) # 92);
    END LOOP;
    RETURN sha256(outer_pad || sha256(inner_pad || p_message));
END $$;

CREATE OR REPLACE FUNCTION people._url_decode(p_text text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT convert_from(string_agg(CASE WHEN part[1] IS NOT NULL THEN decode(part[1], 'hex')
                                        ELSE convert_to(part[2], 'UTF8') END, ''::bytea ORDER BY n),
                        'UTF8')
      FROM regexp_matches(replace(p_text, '+', ' '), '%([0-9A-Fa-f]{2})|([^%]+|%)', 'g')
           WITH ORDINALITY AS found(part, n)
$$;

-- A bearer token. The bytes are random, so the lookup by hash is the comparison. linked: the person
-- can be told in Slack.
CREATE OR REPLACE FUNCTION people._prove_token(p_token text, OUT person uuid, OUT active boolean,
                                               OUT linked boolean, OUT credential uuid,
                                               OUT refusal text)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    SELECT c.person_id, p.active,
           EXISTS (SELECT FROM people.slack_link l WHERE l.person_id = c.person_id), c.id,
           CASE WHEN c.revoked_at IS NOT NULL THEN 'this token was revoked'
                WHEN c.expires_at <= clock_timestamp() THEN 'this token has expired'
                WHEN c.service THEN 'a service token cannot speak for a person' END
      INTO person, active, linked, credential, refusal
      FROM people.credential c JOIN people.person p ON p.id = c.person_id
     WHERE c.hash = sha256(convert_to(p_token, 'UTF8'));
    IF person IS NULL THEN
        refusal := 'unknown token';
    END IF;
END $$;

-- A Slack request as it arrived: raw body, X-Slack-Request-Timestamp, X-Slack-Signature. `said` is
-- what the person clicked: {saga, content hash or decision, verdict, reason}. The Reject button
-- only opens the dialog; a rejection is its submission, reason and all.
CREATE OR REPLACE FUNCTION people._prove_slack(p_body text, p_timestamp text, p_signature text,
                                               OUT person uuid, OUT active boolean,
                                               OUT credential uuid, OUT said text[],
                                               OUT refusal text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    secret bytea;
    payload jsonb;
    action jsonb;
BEGIN
    SELECT value INTO secret FROM people.secret WHERE name = 'slack_signing';
    IF secret IS NULL THEN
        refusal := 'no Slack signing secret is set';
    ELSIF p_timestamp !~ '^[0-9]{1,12}$'
          OR abs(extract(epoch FROM clock_timestamp()) - p_timestamp::bigint) > 300 THEN
        refusal := 'this Slack request is not fresh';
    ELSIF p_signature IS DISTINCT FROM 'v0=' || encode(people._hmac_sha256(
              secret, convert_to('v0:' || p_timestamp || ':' || p_body, 'UTF8')), 'hex') THEN
        refusal := 'the Slack signature does not match';
    ELSIF p_body NOT LIKE 'payload=%' THEN
        refusal := 'not an interactive Slack payload';
    END IF;
    IF refusal IS NOT NULL THEN
        RETURN;
    END IF;

    payload := people._url_decode(substr(p_body, 9))::jsonb;
    IF payload->>'type' = 'block_actions'
       AND payload->'actions'->0->>'action_id' IS DISTINCT FROM 'reject' THEN
        action := payload->'actions'->0;
        said := string_to_array(action->>'value', ' ') || ARRAY[action->>'action_id', ''];
    ELSIF payload->>'type' = 'view_submission' THEN
        said := string_to_array(payload->'view'->>'private_metadata', ' ')
                || ARRAY['reject', payload#>>'{view,state,values,reason,reason,value}'];
    END IF;
    SELECT l.person_id, p.active, l.id INTO person, active, credential
      FROM people.slack_link l JOIN people.person p ON p.id = l.person_id
     WHERE l.team = coalesce(payload->'user'->>'team_id', payload->'team'->>'id')
       AND l.slack_user = payload->'user'->>'id';
    IF person IS NULL THEN
        refusal := 'this Slack user is not linked to an active person';
    ELSIF said IS NULL OR cardinality(said) <> 4 THEN
        refusal := 'this Slack action decides nothing';
    END IF;
END $$;

-- proof_hash is set where one proof may be used only once (a signed click), NULL for a session.
-- p_inactive: whoever left may still take back what was done in their name.
CREATE OR REPLACE FUNCTION people._prove(p_kind text, p_proof text[],
                                         p_inactive boolean DEFAULT false, OUT person uuid,
                                         OUT linked boolean, OUT credential uuid,
                                         OUT proof_hash bytea, OUT said text[], OUT refusal text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    active boolean;
BEGIN
    IF NOT EXISTS (SELECT FROM people.surface s
                    WHERE s.role = session_user AND p_kind = ANY (s.proof_kinds)) THEN
        RAISE EXCEPTION '% may not carry proofs of kind %', session_user, p_kind
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    linked := false; -- who proved it in Slack is told elsewhere
    IF array_position(p_proof, NULL) IS NOT NULL THEN -- what is compared with NULL passes
        refusal := 'this proof has a part missing';
    ELSIF p_kind = 'token' AND cardinality(p_proof) = 1 THEN
        SELECT t.person, t.active, t.linked, t.credential, t.refusal
          INTO person, active, linked, credential, refusal
          FROM people._prove_token(p_proof[1]) t;
    ELSIF p_kind = 'slack' AND cardinality(p_proof) = 3 THEN
        SELECT t.person, t.active, t.credential, t.said, t.refusal
          INTO person, active, credential, said, refusal
          FROM people._prove_slack(p_proof[1], p_proof[2], p_proof[3]) t;
        proof_hash := sha256(convert_to(p_proof[3] || p_proof[2], 'UTF8'));
    ELSE
        refusal := 'this proof is not of a known form';
    END IF;
    IF refusal IS NULL AND NOT active AND NOT p_inactive THEN
        refusal := 'this person is not active';
    END IF;
    IF refusal IS NOT NULL THEN
        person := NULL;
    END IF;
END $$;

-- Takes away what proved a decision: a token's row stays, a link goes. What it was, or NULL.
CREATE OR REPLACE FUNCTION people._revoke(p_credential uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE people.credential c SET revoked_at = coalesce(c.revoked_at, clock_timestamp())
     WHERE c.id = p_credential;
    IF FOUND THEN
        RETURN 'token';
    END IF;
    DELETE FROM people.slack_link l WHERE l.id = p_credential;
    RETURN CASE WHEN FOUND THEN 'Slack link' END;
END $$;

-- The names of these people, for somebody who has a part here.
CREATE OR REPLACE FUNCTION people.names(p_people uuid[], p_proof_kind text, p_proof text[])
RETURNS TABLE (person uuid, name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    proof record;
BEGIN
    SELECT * INTO proof FROM people._prove(p_proof_kind, p_proof);
    RETURN QUERY
    SELECT p.id, coalesce(n.name, '(erased)')
      FROM people.person p LEFT JOIN people.name n ON n.person_id = p.id
     WHERE p.id = ANY (p_people)
       AND EXISTS (SELECT FROM people.grant_of g WHERE g.person_id = proof.person);
END $$;

-- Where somebody has a part: all ('*'), platforms, accounts.
CREATE OR REPLACE FUNCTION people.scopes(p_proof_kind text, p_proof text[]) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    proof record;
BEGIN
    SELECT * INTO proof FROM people._prove(p_proof_kind, p_proof);
    RETURN QUERY SELECT DISTINCT g.scope FROM people.grant_of g WHERE g.person_id = proof.person;
END $$;

-- Which of these Slack users are nobody's here: what they clicked need not be kept.
CREATE OR REPLACE FUNCTION people.unlinked(p_slack_users text[]) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    called constant boolean := saga._caller('aelp_slack_bridge');
BEGIN
    RETURN QUERY
    SELECT u FROM unnest(p_slack_users) u
     WHERE NOT EXISTS (SELECT FROM people.slack_link l WHERE l.slack_user = u);
END $$;
