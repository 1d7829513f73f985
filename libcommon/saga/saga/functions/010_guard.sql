-- What every door checks first, and the facts they share.

-- At any other level a function would decide on a snapshot older than its locks. (Checks return
-- true so that they can be plain expressions: PERFORM would run a query of its own.)
CREATE OR REPLACE FUNCTION saga._guard() RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'saga functions run at read committed, not at %',
            current_setting('transaction_isolation') USING ERRCODE = 'invalid_transaction_state';
    END IF;
    RETURN true;
END $$;

-- A right to execute that was given by mistake opens no door: each names its logins once more, here
-- or by saga.step (_need_door) or by the proofs they carry (people._prove). The doors of people use
-- it too.
CREATE OR REPLACE FUNCTION saga._caller(VARIADIC p_logins name[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF session_user <> ALL (p_logins) THEN
        RAISE EXCEPTION '% may not take this door', session_user
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN true;
END $$;

-- Forbidden roles and bugs raise; refusals of a change are values.
CREATE OR REPLACE FUNCTION saga._need_door(p_kind text, p_to text, p_door text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM saga.step s
                    WHERE s.kind = p_kind AND s.to_state = p_to AND s.role = session_user
                      AND s.door = p_door) THEN
        RAISE EXCEPTION '% may not take a % to % by %', session_user, p_kind, p_to, p_door
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN true;
END $$;

-- Ids that grow with time keep the indexes' hot pages together.
CREATE OR REPLACE FUNCTION saga._new_id(p_at timestamptz) RETURNS uuid
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    hex constant text := lpad(to_hex((extract(epoch FROM p_at) * 1000)::bigint), 12, '0');
BEGIN
    RETURN overlay(gen_random_uuid()::text PLACING left(hex, 8) || '-' || right(hex, 4)
                   FROM 1 FOR 13);
END $$;

-- Business days and windows go by the server's clock; for simulated accounts by the world's. How
-- old a reading or an approval is goes by the server's for all.
CREATE OR REPLACE FUNCTION saga._account_time(p_world boolean, p_at timestamptz)
RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT p_world THEN
        RETURN p_at;
    END IF;
    RETURN p_at + (SELECT c.ahead FROM saga.clock c);
END $$;

CREATE OR REPLACE FUNCTION saga._text(p_at timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
END $$;

-- What is in force for a scope: of its rows the last that the last run row did not lift, or that
-- run row; none where nobody ever said a word. Look-ups by key, however long its history.
CREATE OR REPLACE FUNCTION saga._in_force(p_scope text)
RETURNS TABLE (level text, at timestamptz, person_id uuid)
LANGUAGE sql STABLE AS $$
    SELECT said.level, said.at, said.person_id
      FROM (SELECT 1) AS one
      LEFT JOIN LATERAL (SELECT c.* FROM saga.control c
                          WHERE c.scope = p_scope AND c.effective AND c.level = 'run'
                          ORDER BY c.id DESC LIMIT 1) AS run ON true
      LEFT JOIN LATERAL (SELECT o.* FROM saga.control o
                          WHERE o.scope = p_scope AND o.effective AND o.level <> 'run'
                            AND o.id > coalesce(run.lifts, run.id, 0)
                          ORDER BY o.id DESC LIMIT 1) AS against ON true
     CROSS JOIN LATERAL (VALUES (against.level, against.at, against.person_id),
                                (run.level, run.at, run.person_id)) AS said (level, at, person_id)
     WHERE said.level IS NOT NULL LIMIT 1
$$;

-- The strictest level in force for these accounts and a kind: freeze over stop over run. Without any
-- row for * all stands still.
CREATE OR REPLACE FUNCTION saga._level(p_accounts text[], p_kind text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN (SELECT CASE WHEN count(*) FILTER (WHERE one.scope = '*') = 0 THEN 'stop'
                        ELSE coalesce(min(f.level) FILTER (WHERE f.level <> 'run'), 'run') END
              FROM unnest(ARRAY['*', p_kind] || p_accounts || saga._platforms(p_accounts))
                   AS one (scope)
             CROSS JOIN LATERAL saga._in_force(one.scope) f);
END $$;

CREATE OR REPLACE FUNCTION saga.level(p_accounts text[], p_kind text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    called constant boolean := saga._caller('aelp_guardrail_evaluator');
BEGIN
    RETURN saga._level(p_accounts, p_kind);
END $$;

CREATE OR REPLACE FUNCTION saga._platforms(p_accounts text[]) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF cardinality(p_accounts) = 0 THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(SELECT DISTINCT split_part(a, '/', 1) FROM unnest(p_accounts) a);
END $$;

-- The mode the database grants: the narrowest row's, the strictest over several accounts.
CREATE OR REPLACE FUNCTION saga._mode(p_accounts text[]) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    least_mode integer;
BEGIN
    SELECT min(found.rank) INTO least_mode
      FROM unnest(CASE WHEN cardinality(p_accounts) = 0 THEN ARRAY['world'] ELSE p_accounts END) a
     CROSS JOIN LATERAL (
        SELECT array_position(ARRAY['shadow', 'dry_run', 'live'], m.mode) AS rank
          FROM saga.mode m LEFT JOIN saga.account c ON c.id = a
         WHERE m.scope IN (a, split_part(a, '/', 1), '*')
            OR m.scope = 'world' AND c.world
         ORDER BY array_position(ARRAY[a, 'world', split_part(a, '/', 1), '*'], m.scope), m.id DESC
         LIMIT 1) found;
    RETURN (ARRAY['shadow', 'dry_run', 'live'])[coalesce(least_mode, 1)];
END $$;

CREATE OR REPLACE FUNCTION saga._lesser_mode(p_one text, p_other text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN CASE WHEN 'shadow' IN (p_one, p_other) THEN 'shadow'
                WHEN 'dry_run' IN (p_one, p_other) THEN 'dry_run'
                WHEN p_one = 'live' AND p_other = 'live' THEN 'live' ELSE 'shadow' END;
END $$;

-- The first of these accounts for which a person has none of these roles ('' where there is no
-- account and no such role at all), or NULL. Nobody has none.
CREATE OR REPLACE FUNCTION saga._outside_scope(p_who uuid, p_roles text[], p_accounts text[])
RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(a, '') FROM unnest(coalesce(nullif(p_accounts, '{}'), ARRAY[NULL])) a
             WHERE NOT EXISTS (SELECT FROM people.grant_of g
                                WHERE g.person_id = p_who AND g.role = ANY (p_roles)
                                  AND (a IS NULL OR g.scope IN ('*', a, split_part(a, '/', 1))))
             LIMIT 1);
END $$;

-- May this person approve this saga as things stand: active, and an approver for every account
-- it touches. NULL: yes; otherwise why not.
CREATE OR REPLACE FUNCTION saga._not_approver(p_person uuid, p_accounts text[]) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    standing record;
BEGIN
    SELECT p.active, EXISTS (SELECT FROM people.grant_of g
                              WHERE g.person_id = p.id AND g.role = 'approver') AS approver
      INTO standing FROM people.person p WHERE p.id = p_person;
    IF standing.active IS NOT TRUE THEN
        RETURN 'this person is not active';
    ELSIF NOT standing.approver THEN
        RETURN 'you are not an approver';
    ELSIF cardinality(p_accounts) = 0 THEN
        RETURN NULL;
    END IF;
    RETURN 'you are not an approver for '
           || saga._outside_scope(p_person, '{approver}', p_accounts);
END $$;

CREATE OR REPLACE FUNCTION saga._accounts(p_id uuid) RETURNS text[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(SELECT DISTINCT t.account_id
                   FROM saga.effect e JOIN saga.target t ON t.id = e.target_id
                  WHERE e.saga_id = p_id ORDER BY 1);
END $$;
