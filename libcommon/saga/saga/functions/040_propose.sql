-- propose: changes enter the ledger. All items are of one kind and one proposer.
--
-- Effects come flat: p_effect_of[k] is the item (from 1) that effect k belongs to. `before` is never
-- the caller's: it is the fresh observed value. The same request with the same content gives the
-- same answer; with other content it is refused.

CREATE OR REPLACE FUNCTION saga._content(p_kind text, p_kind_version integer, p_mode text,
                                         p_policy integer, p_contributors uuid[],
                                         p_expires timestamptz, p_effects text, p_undo text,
                                         p_payload bytea, p_note_hash bytea, p_replaces uuid)
RETURNS bytea
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN sha256(convert_to(
        'aelp/change/v1' || E'\nkind ' || p_kind || ' ' || p_kind_version || E'\nmode ' || p_mode
        || E'\npolicy ' || p_policy || E'\nproposer ' || session_user
        || E'\ncontributors ' || coalesce(nullif(array_to_string(p_contributors, ','), ''), '-')
        || E'\nexpires ' || saga._text(p_expires) || E'\n' || p_effects || 'undo ' || p_undo
        || E'\npayload ' || encode(sha256(p_payload), 'hex')
        || E'\nnote ' || coalesce(encode(p_note_hash, 'hex'), '-')
        || E'\nreplaces ' || coalesce(p_replaces::text, '-') || E'\n', 'UTF8'));
END $$;

-- What the proposer asked, for telling a repeated request from a reused id.
CREATE OR REPLACE FUNCTION saga._request_hash(p_kind text, p_payload bytea, p_note text,
                                              p_replaces uuid, p_person uuid, p_asked text)
RETURNS bytea
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN sha256(convert_to(
        p_kind || E'\n' || encode(sha256(p_payload), 'hex') || E'\n'
        || coalesce(p_replaces::text, '-') || E'\n' || coalesce(p_person::text, '-') || E'\n'
        || p_asked || E'\n' || p_note, 'UTF8'));
END $$;

-- One effect against its target as it stands: the field and the rule that refuse it, or what it
-- would change.
CREATE OR REPLACE FUNCTION saga._effect(p_account text, p_resource text, p_after bigint,
                                        OUT refusal text, OUT target_id bigint, OUT before bigint)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g record;
BEGIN
    SELECT t.id, t.live_micros, t.live_at, t.shared, t.enabled, t.period, a.unit_micros INTO g
      FROM saga.target t JOIN saga.account a ON a.id = t.account_id
     WHERE t.account_id = p_account AND t.resource = p_resource;
    target_id := g.id;
    before := g.live_micros;
    refusal := CASE
        WHEN g.id IS NULL
            THEN format('target: no budget %s is known in account %s', p_resource, p_account)
        WHEN p_after IS NULL OR p_after < 0 THEN 'after: a budget is zero or more'
        WHEN p_after > 1000000000000000 THEN 'after: over 1,000,000,000 a day'
        WHEN p_after % g.unit_micros <> 0
            THEN format('after: must be a multiple of %s micros in this account', g.unit_micros)
        WHEN p_after = g.live_micros THEN 'after: it is that already'
        WHEN g.shared THEN format('target: %s is a shared budget: it would move every campaign '
                                  'that uses it', p_resource)
        WHEN g.period <> 'daily' THEN format('target: %s is not a daily budget', p_resource)
        WHEN NOT g.enabled THEN format('target: %s is not enabled', p_resource)
        WHEN coalesce(g.live_at, '-infinity')
             <= clock_timestamp() - (SELECT observed_max FROM saga.timing)
            THEN format('target: %s was not read in the last minutes; try again shortly', p_resource)
    END;
END $$;

-- What is wrong with an item apart from its effects.
CREATE OR REPLACE FUNCTION saga._item_refusal(p_request uuid, p_payload bytea, p_note text,
                                              p_replaces uuid) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF p_request IS NULL THEN
        RETURN 'request: must be a uuid';
    ELSIF p_payload IS NULL OR octet_length(p_payload) > 65536 THEN
        RETURN 'payload: at most 65536 bytes';
    ELSIF length(p_note) > 4000 THEN
        RETURN 'note: at most 4000 characters';
    ELSIF p_replaces IS NOT NULL THEN
        IF NOT EXISTS (SELECT FROM saga.saga o WHERE o.id = p_replaces) THEN
            RETURN 'replaces: no such proposal';
        END IF;
    END IF;
    RETURN NULL;
END $$;

-- p_effect_of must not fall: the effects of an item stand together.
CREATE OR REPLACE FUNCTION saga.propose(p_kind text, p_requests uuid[], p_payloads bytea[],
                                        p_notes text[], p_replaces uuid[], p_ttl interval,
                                        p_effect_of integer[], p_accounts text[],
                                        p_resources text[], p_afters bigint[],
                                        p_proof_kind text, p_proof text[])
RETURNS TABLE (request uuid, id uuid, version integer, hash bytea, created boolean, refusal text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    k saga.kind;
    proof record;
    who uuid;
    item record;
    old record;
    effect record;
    t timestamptz;
    policy_now integer;
    next_effect integer := 1;
    effects integer;
    targets bigint[];
    accounts text[];
    lines text;
    asked text;
    salt bytea;
    contributors uuid[];
    mode text;
    made uuid[] := '{}';
    effect_saga uuid[] := '{}';
    effect_n integer[] := '{}';
    effect_target bigint[] := '{}';
    effect_before bigint[] := '{}';
    effect_after bigint[] := '{}';
    contributor_saga uuid[] := '{}';
    contributor uuid[] := '{}';
BEGIN
    PERFORM saga._guard();
    SELECT * INTO k FROM saga.kind o WHERE o.kind = p_kind ORDER BY o.version DESC LIMIT 1;
    IF FOUND THEN
        PERFORM saga._need_door(p_kind, 'proposed', 'propose');
        IF p_proof_kind <> '' OR EXISTS (SELECT FROM people.surface s WHERE s.role = session_user)
        THEN
            SELECT * INTO proof FROM people._prove(p_proof_kind, p_proof);
            who := proof.person;
            refusal := CASE WHEN who IS NULL THEN 'proof: ' || proof.refusal END;
        END IF;
    ELSE
        refusal := format('kind: there is no %s', p_kind);
    END IF;
    IF refusal IS NOT NULL THEN
        RETURN QUERY SELECT r, NULL::uuid, NULL::integer, NULL::bytea, false, refusal
                       FROM unnest(p_requests) r;
        RETURN;
    END IF;
    t := clock_timestamp();
    SELECT max(p.version) INTO policy_now FROM saga.policy p;

    FOR item IN SELECT * FROM unnest(p_requests, p_payloads, p_notes, p_replaces) WITH ORDINALITY
                    AS i (request, payload, note, replaces, n) LOOP
        refusal := saga._item_refusal(item.request, item.payload, item.note, item.replaces);
        request := item.request;
        effects := 0; targets := '{}'; accounts := '{}'; lines := ''; asked := '';
        WHILE p_effect_of[next_effect] = item.n LOOP
            SELECT * INTO effect FROM saga._effect(p_accounts[next_effect],
                                                   p_resources[next_effect], p_afters[next_effect]);
            effects := effects + 1;
            refusal := coalesce(refusal, effect.refusal,
                                CASE WHEN effect.target_id = ANY (targets)
                                     THEN 'effects: the same budget twice' END);
            targets := targets || effect.target_id;
            accounts := accounts || p_accounts[next_effect];
            effect_before := effect_before || effect.before;
            asked := asked || format('%s %s %s', p_accounts[next_effect], p_resources[next_effect],
                                     p_afters[next_effect]) || E'\n';
            lines := lines || format('effect %s %s %s daily_micros %s %s', effects,
                                     p_accounts[next_effect], p_resources[next_effect],
                                     effect.before, p_afters[next_effect]) || E'\n';
            next_effect := next_effect + 1;
        END LOOP;
        IF refusal IS NULL AND effects NOT BETWEEN k.effects_min AND k.effects_max THEN
            refusal := format('effects: a %s has %s to %s', p_kind, k.effects_min, k.effects_max);
        END IF;

        id := NULL; version := NULL; hash := NULL; created := false;
        SELECT s.id, s.version, s.content_hash, s.request_hash INTO old FROM saga.saga s
         WHERE s.proposer_role = session_user AND s.request_id = item.request;
        IF NOT FOUND AND refusal IS NULL THEN
            contributors := saga._contributors(who, item.replaces);
            mode := CASE WHEN effects = 0 THEN 'live' ELSE saga._mode(accounts) END;
            salt := CASE WHEN item.note <> '' THEN uuid_send(gen_random_uuid()) END;
            hash := saga._content(p_kind, k.version, mode, policy_now, contributors,
                                  t + least(p_ttl, k.ttl_max), lines, k.undo, item.payload,
                                  sha256(salt || convert_to(item.note, 'UTF8')), item.replaces);
            INSERT INTO saga.saga AS made_row (id, kind, kind_version, state, version, content_hash,
                   mode, policy, proposer_role, proposer_person, request_id, request_hash, replaces,
                   payload, created_at, expires_at, state_at, due_at, say_at)
            VALUES (saga._new_id(t), p_kind, k.version, '', 0, hash, mode, policy_now, session_user,
                    who, item.request,
                    saga._request_hash(p_kind, item.payload, coalesce(item.note, ''), item.replaces,
                                       who, asked),
                    item.replaces, item.payload, t, t + least(p_ttl, k.ttl_max), t, t, 'infinity')
            ON CONFLICT (proposer_role, request_id) DO NOTHING
            RETURNING made_row.id INTO id;
            IF id IS NULL THEN -- made by another at this moment
                SELECT s.id, s.version, s.content_hash, s.request_hash INTO old FROM saga.saga s
                 WHERE s.proposer_role = session_user AND s.request_id = item.request;
            END IF;
        END IF;

        IF id IS NOT NULL THEN
            version := 1; created := true;
            made := made || id;
            FOR i IN 1..effects LOOP
                effect_saga := effect_saga || id;
                effect_n := effect_n || i;
                effect_target := effect_target || targets[i];
                effect_after := effect_after || p_afters[next_effect - 1 - effects + i];
            END LOOP;
            IF salt IS NOT NULL THEN
                INSERT INTO saga.note (saga_id, version, salt, text)
                VALUES (id, 0, salt, item.note);
            END IF;
            FOR i IN 1..cardinality(contributors) LOOP
                contributor_saga := contributor_saga || id;
                contributor := contributor || contributors[i];
            END LOOP;
        ELSE
            effect_before := trim_array(effect_before, effects);
            IF old.id IS NOT NULL THEN
                IF old.request_hash = saga._request_hash(p_kind, item.payload,
                                                         coalesce(item.note, ''), item.replaces,
                                                         who, asked) THEN
                    id := old.id; version := old.version; hash := old.content_hash;
                    refusal := NULL;
                ELSE
                    hash := NULL;
                    refusal := 'request: this id was used before with other content';
                END IF;
            END IF;
        END IF;
        RETURN NEXT;
    END LOOP;

    IF cardinality(made) > 0 THEN
        INSERT INTO saga.open (saga_id) SELECT unnest(made);
        INSERT INTO saga.effect (saga_id, n, target_id, before_micros, after_micros)
        SELECT * FROM unnest(effect_saga, effect_n, effect_target, effect_before, effect_after);
        INSERT INTO saga.contributor (saga_id, person_id)
        SELECT * FROM unnest(contributor_saga, contributor);
        PERFORM saga._steps(made, array_fill('proposed'::text, ARRAY[cardinality(made)]), '{}', who,
                            '{}');
    END IF;
END $$;

-- Who may not approve: the proposer, and everyone who had a hand in what this replaces.
CREATE OR REPLACE FUNCTION saga._contributors(p_who uuid, p_replaces uuid) RETURNS uuid[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF p_replaces IS NULL THEN
        RETURN CASE WHEN p_who IS NULL THEN '{}' ELSE ARRAY[p_who] END;
    END IF;
    RETURN ARRAY(SELECT p_who WHERE p_who IS NOT NULL
                 UNION SELECT c.person_id FROM saga.contributor c WHERE c.saga_id = p_replaces
                 ORDER BY 1);
END $$;
