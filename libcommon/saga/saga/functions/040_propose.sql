-- propose: changes enter the ledger. All items are of one kind and one proposer.
--
-- Effects come flat: p_effect_of[k] is the item (from 1) that effect k belongs to. `before` is
-- never the caller's: it is the fresh observed value. The same request with the same content gives
-- the same answer; with other content it is refused.

-- The lines whose hash people approve: one fact a line, in this order. Free text is in them by its
-- hash alone.
CREATE OR REPLACE FUNCTION saga._content(p_kind text, p_kind_version integer, p_mode text,
                                         p_policy integer, p_proposer text, p_contributors uuid[],
                                         p_expires timestamptz, p_effects text, p_undo text,
                                         p_payload bytea, p_note_hash bytea, p_replaces uuid)
RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN 'aelp/change/v1' || E'\nkind ' || p_kind || ' ' || p_kind_version
        || E'\nmode ' || p_mode || E'\npolicy ' || p_policy || E'\nproposer ' || p_proposer
        || E'\ncontributors ' || coalesce(nullif(array_to_string(p_contributors, ','), ''), '-')
        || E'\nexpires ' || saga._text(p_expires) || E'\n' || p_effects || 'undo ' || p_undo
        || E'\npayload ' || encode(sha256(p_payload), 'hex')
        || E'\nnote ' || coalesce(encode(p_note_hash, 'hex'), '-')
        || E'\nreplaces ' || coalesce(p_replaces::text, '-') || E'\n';
END $$;

CREATE OR REPLACE FUNCTION saga._effect_line(p_n bigint, p_account text, p_resource text,
                                             p_before bigint, p_after bigint, p_currency text)
RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format(E'effect %s %s %s daily_micros %s %s %s\n', p_n, p_account, p_resource, p_before,
                  p_after, p_currency)
$$;

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
                                        OUT refusal text, OUT target_id bigint, OUT before bigint,
                                        OUT currency text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g record;
BEGIN
    SELECT t.id, t.live_micros, t.live_at, t.shared, t.enabled, t.period, a.unit_micros, a.currency
      INTO g
      FROM saga.target t JOIN saga.account a ON a.id = t.account_id
     WHERE t.account_id = p_account AND t.resource = p_resource;
    target_id := g.id;
    before := g.live_micros;
    currency := g.currency;
    refusal := CASE
        WHEN g.id IS NULL
            THEN format('target: no budget %s is known in account %s', p_resource, p_account)
        WHEN p_after IS NULL OR p_after < 0 THEN 'after: a budget is zero or more'
        WHEN p_after > 1000000000000000 THEN 'after: over 1,000,000,000 a day'
        WHEN p_after % g.unit_micros <> 0
            THEN format('after: must be a multiple of %s in this account',
                        trim_scale(g.unit_micros / 1000000.0))
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

-- Whoever proposed a change may replace it, and so may its accounts' approvers and operators: to
-- anybody else a replacement would be a way to hold it up.
CREATE OR REPLACE FUNCTION saga._replace_refusal(p_old uuid, p_who uuid) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    old record;
BEGIN
    SELECT o.proposer_role, o.proposer_person INTO old FROM saga.saga o WHERE o.id = p_old;
    IF NOT FOUND THEN
        RETURN 'replaces: no such proposal';
    ELSIF p_who = old.proposer_person
          OR coalesce(p_who, old.proposer_person) IS NULL AND old.proposer_role = session_user
          OR saga._outside_scope(p_who, '{approver,operator}', saga._accounts(p_old)) IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN 'only its proposer, or an approver or operator of its accounts, may replace it';
END $$;

-- A replacement ends what it replaces once the guardrails let it pass, for as long as it stands.
CREATE OR REPLACE FUNCTION saga._replaced(p_id uuid) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM saga.saga o
                    WHERE o.replaces = p_id
                      AND o.state NOT IN ('proposed', 'blocked', 'rejected', 'cancelled', 'expired'));
END $$;

-- What is wrong with an item apart from its effects.
CREATE OR REPLACE FUNCTION saga._item_refusal(p_request uuid, p_payload bytea, p_note text,
                                              p_replaces uuid, p_who uuid, p_accounts text[])
RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF p_request IS NULL THEN
        RETURN 'request: must be a uuid';
    ELSIF p_payload IS NULL OR octet_length(p_payload) > 65536 THEN
        RETURN 'payload: at most 65536 bytes';
    ELSIF length(p_note) > 4000 THEN
        RETURN 'note: at most 4000 characters';
    END IF;
    RETURN coalesce(CASE WHEN p_replaces IS NOT NULL
                         THEN saga._replace_refusal(p_replaces, p_who) END,
                    CASE WHEN p_who IS NOT NULL AND cardinality(p_accounts) > 0
                         THEN 'you may not propose for '
                              || saga._outside_scope(p_who, '{proposer,approver}', p_accounts) END);
END $$;

-- All effects of one item: the first refusal, or the lines of its content hash.
CREATE OR REPLACE FUNCTION saga._effects(k saga.kind, p_accounts text[], p_resources text[],
                                         p_afters bigint[], OUT refusal text, OUT targets bigint[],
                                         OUT befores bigint[], OUT lines text, OUT asked text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    effect record;
    count constant integer := coalesce(cardinality(p_accounts), 0);
BEGIN
    targets := '{}'; befores := '{}'; lines := ''; asked := '';
    IF count NOT BETWEEN k.effects_min AND k.effects_max THEN
        refusal := format('effects: a %s has %s to %s', k.kind, k.effects_min, k.effects_max);
    END IF;
    FOR i IN 1..count LOOP
        SELECT * INTO effect FROM saga._effect(p_accounts[i], p_resources[i], p_afters[i]);
        refusal := coalesce(refusal, effect.refusal,
                            CASE WHEN effect.target_id = ANY (targets)
                                 THEN 'effects: the same budget twice' END);
        targets := targets || effect.target_id;
        befores := befores || effect.before;
        asked := asked || format('%s %s %s', p_accounts[i], p_resources[i], p_afters[i]) || E'\n';
        lines := lines || saga._effect_line(i, p_accounts[i], p_resources[i], effect.before,
                                            p_afters[i], effect.currency);
    END LOOP;
END $$;

-- One item of a proposal. `id` without `created` is the saga that the same request made before.
CREATE OR REPLACE FUNCTION saga._propose_one(k saga.kind, p_policy integer, p_who uuid,
                                             p_at timestamptz, p_expires timestamptz,
                                             p_request uuid, p_payload bytea, p_note text,
                                             p_replaces uuid, p_accounts text[],
                                             p_resources text[], p_afters bigint[],
                                             OUT id uuid, OUT version integer, OUT hash bytea,
                                             OUT created boolean, OUT refusal text)
LANGUAGE plpgsql AS $$
DECLARE
    effects record;
    old record;
    asked_hash bytea;
    mode constant text := CASE WHEN k.effects_max = 0 THEN 'live' ELSE saga._mode(p_accounts) END;
    salt constant bytea := CASE WHEN p_note <> '' THEN uuid_send(gen_random_uuid()) END;
BEGIN
    created := false;
    refusal := saga._item_refusal(p_request, p_payload, p_note, p_replaces, p_who, p_accounts);
    effects := saga._effects(k, p_accounts, p_resources, p_afters);
    asked_hash := saga._request_hash(k.kind, p_payload, p_note, p_replaces, p_who, effects.asked);
    refusal := coalesce(refusal, effects.refusal);
    IF refusal IS NULL THEN
        hash := sha256(convert_to(
            saga._content(k.kind, k.version, mode, p_policy, session_user,
                          saga._contributors(p_who, p_replaces), p_expires, effects.lines, k.undo,
                          p_payload, sha256(salt || convert_to(p_note, 'UTF8')), p_replaces),
            'UTF8'));
        INSERT INTO saga.saga AS made (id, kind, kind_version, state, version, content_hash, mode,
               policy, proposer_role, proposer_person, request_id, request_hash, replaces, payload,
               created_at, expires_at, state_at, due_at, say_at)
        VALUES (saga._new_id(p_at), k.kind, k.version, '', 0, hash, mode, p_policy, session_user,
                p_who, p_request, asked_hash, p_replaces, p_payload, p_at, p_expires, p_at, p_at,
                'infinity')
        ON CONFLICT (proposer_role, request_id) DO NOTHING
        RETURNING made.id INTO id;
    END IF;
    IF id IS NOT NULL THEN
        version := 1; created := true;
        IF k.effects_max > 0 THEN
            INSERT INTO saga.effect (saga_id, n, target_id, before_micros, after_micros)
            SELECT id, u.n, u.target, u.before, u.after
              FROM unnest(effects.targets, effects.befores, p_afters) WITH ORDINALITY
                   AS u (target, before, after, n);
        END IF;
        IF salt IS NOT NULL THEN
            INSERT INTO saga.note (saga_id, version, salt, text) VALUES (id, 0, salt, p_note);
        END IF;
        RETURN;
    END IF;
    SELECT s.id, s.version, s.content_hash, s.request_hash INTO old FROM saga.saga s
     WHERE s.proposer_role = session_user AND s.request_id = p_request;
    hash := NULL;
    IF old.request_hash = asked_hash THEN
        id := old.id; version := old.version; hash := old.content_hash; refusal := NULL;
    ELSIF old.id IS NOT NULL THEN
        refusal := 'request: this id was used before with other content';
    END IF;
END $$;

-- Effects of an item stand together and in the items' order.
CREATE OR REPLACE FUNCTION saga.propose(p_kind text, p_requests uuid[], p_payloads bytea[],
                                        p_notes text[], p_replaces uuid[], p_ttl interval,
                                        p_effect_of integer[], p_accounts text[],
                                        p_resources text[], p_afters bigint[],
                                        p_proof_kind text, p_proof text[])
RETURNS TABLE (request uuid, id uuid, version integer, hash bytea, created boolean, refusal text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard();
    k saga.kind;
    proof record;
    who uuid;
    one record;
    policy_now constant integer := (SELECT max(p.version) FROM saga.policy p);
    t timestamptz;
    first integer := 1; -- effect of the item at hand
    after_last integer := 1;
    made uuid[] := '{}';
    refusals text[] := '{}';
BEGIN
    SELECT * INTO k FROM saga.kind o WHERE o.kind = p_kind ORDER BY o.version DESC LIMIT 1;
    IF NOT FOUND THEN
        refusal := format('kind: there is no %s', p_kind);
    ELSE
        PERFORM saga._need_door(p_kind, 'proposed', 'propose');
        SELECT * INTO proof FROM saga._proposer(p_proof_kind, p_proof);
        refusal := 'proof: ' || proof.refusal;
        who := proof.person;
    END IF;
    IF refusal IS NOT NULL THEN
        RETURN QUERY SELECT r, NULL::uuid, NULL::integer, NULL::bytea, false, refusal
                       FROM unnest(p_requests) r;
        PERFORM saga._refuse('propose', who, '{}', ARRAY[refusal]);
        RETURN;
    END IF;
    t := clock_timestamp();

    FOR i IN 1..cardinality(p_requests) LOOP
        WHILE p_effect_of[after_last] = i LOOP
            after_last := after_last + 1;
        END LOOP;
        one := saga._propose_one(k, policy_now, proof.person, t, t + least(p_ttl, k.ttl_max),
                                 p_requests[i], p_payloads[i], coalesce(p_notes[i], ''),
                                 p_replaces[i], p_accounts[first:after_last - 1],
                                 p_resources[first:after_last - 1],
                                 p_afters[first:after_last - 1]);
        first := after_last;
        request := p_requests[i]; id := one.id; version := one.version; hash := one.hash;
        created := one.created; refusal := one.refusal;
        IF created THEN
            made := made || id;
        ELSIF refusal IS NOT NULL THEN
            refusals := refusals || refusal;
        END IF;
        RETURN NEXT;
    END LOOP;
    IF after_last <= cardinality(p_effect_of) THEN
        RAISE EXCEPTION 'effect_of: item % out of order', p_effect_of[after_last]
            USING ERRCODE = 'check_violation';
    END IF;
    IF cardinality(made) > 0 THEN
        INSERT INTO saga.open (saga_id) SELECT unnest(made);
        INSERT INTO saga.contributor (saga_id, person_id)
        SELECT s.id, c FROM saga.saga s
         CROSS JOIN LATERAL unnest(saga._contributors(proof.person, s.replaces)) AS c
         WHERE s.id = ANY (made);
        PERFORM saga._steps(made, array_fill('proposed'::text, ARRAY[cardinality(made)]), '{}',
                            proof.person, '{}');
    END IF;
    IF cardinality(refusals) > 0 THEN
        PERFORM saga._refuse('propose', who, '{}', refusals);
    END IF;
END $$;

-- A surface speaks for a person; a service may propose by itself.
CREATE OR REPLACE FUNCTION saga._proposer(p_proof_kind text, p_proof text[], OUT person uuid,
                                          OUT refusal text)
LANGUAGE plpgsql AS $$
BEGIN
    IF p_proof_kind <> '' OR EXISTS (SELECT FROM people.surface s WHERE s.role = session_user) THEN
        SELECT p.person, p.refusal INTO person, refusal
          FROM people._prove(p_proof_kind, p_proof) p;
        IF person IS NOT NULL
           AND NOT EXISTS (SELECT FROM people.grant_of g
                            WHERE g.person_id = person AND g.role IN ('proposer', 'approver')) THEN
            refusal := 'you may not propose';
        END IF;
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
