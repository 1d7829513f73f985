-- decide: people approve, reject or withdraw. One person's one proof, for one or many sagas.
--
-- The database derives the person from the proof; nobody names one. Approvals bind the content
-- hash, not the version, so two at once both count. Every decision is an event.

CREATE OR REPLACE FUNCTION saga.decide(p_ids uuid[], p_hashes bytea[], p_verdict text,
                                       p_proof_kind text, p_proof text[], p_reason text)
RETURNS TABLE (id uuid, result text, missing integer, sentence text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    guarded constant boolean := saga._guard();
    proof record;
    item record;
    t timestamptz;
    policy_now integer;
    refusal text;
    lacking integer;
    allowed text;
    asked text[];
    not_approver text;
    limited boolean;
    moved uuid[] := '{}';
    moved_to text[] := '{}';
    moved_events text[] := '{}';
    made bigint;
    to_tell bigint[] := '{}';
    refused uuid[] := '{}';
    refusals text[] := '{}';
BEGIN
    IF (p_verdict IN ('approve', 'reject', 'withdraw')) IS NOT TRUE THEN
        RAISE EXCEPTION 'verdict: approve, reject or withdraw' USING ERRCODE = 'check_violation';
    END IF;
    SELECT * INTO proof FROM people._prove(p_proof_kind, p_proof);
    SELECT max(p.version) INTO policy_now FROM saga.policy p;
    limited := proof.person IS NOT NULL AND saga._lock_limits(proof.person);

    -- A statement of its own: beside a lock, the other tables would be read as before the wait. Nor
    -- does a credential count that was taken away meanwhile.
    PERFORM FROM saga.saga s WHERE s.id = ANY (p_ids) ORDER BY s.id FOR UPDATE;
    SELECT * INTO proof FROM people._prove(p_proof_kind, p_proof);
    t := clock_timestamp();
    FOR item IN
        SELECT i.hash, s.*, greatest(k.quorum, now.quorum) AS quorum,
               CASE WHEN k.effects_max > 0 THEN saga._accounts(s.id) ELSE '{}' END AS accounts,
               (SELECT d.verdict FROM saga.decision d
                 WHERE d.saga_id = s.id AND d.content_hash = s.content_hash
                   AND d.person_id = proof.person ORDER BY d.id DESC LIMIT 1) AS last,
               EXISTS (SELECT FROM saga.contributor c
                        WHERE c.saga_id = s.id AND c.person_id = proof.person) AS contributed,
               saga._replaced(s.id) AS replaced
          FROM (SELECT DISTINCT ON (u.id) * FROM unnest(p_ids, p_hashes) AS u (id, hash)
                 ORDER BY u.id) i
          JOIN saga.saga s ON s.id = i.id
          JOIN saga.kind k ON k.kind = s.kind AND k.version = s.kind_version
         CROSS JOIN LATERAL (SELECT c.quorum FROM saga.kind c WHERE c.kind = s.kind
                              ORDER BY c.version DESC LIMIT 1) now
         WHERE proof.person IS NOT NULL
         ORDER BY s.created_at
    LOOP
        IF item.kind IS DISTINCT FROM allowed THEN
            PERFORM saga._need_door(item.kind, 'approved', 'decide');
            allowed := item.kind;
        END IF;
        IF item.accounts IS DISTINCT FROM asked THEN
            not_approver := saga._not_approver(proof.person, item.accounts);
            asked := item.accounts;
        END IF;
        refusal := coalesce(
            saga._unclear(item.id, item.hash, p_verdict, p_reason, proof.said, proof.proof_hash),
            CASE WHEN item.state <> 'cleared'
                      AND (p_verdict = 'approve' OR item.state <> 'approved')
                     THEN 'it is ' || item.state || ' already'
                 WHEN item.content_hash IS DISTINCT FROM item.hash
                     THEN 'it changed since you saw it'
                 WHEN item.expires_at <= t AND item.state = 'cleared' THEN 'expired'
                 WHEN not_approver IS NOT NULL THEN not_approver
                 WHEN p_verdict = 'withdraw' AND item.last IS DISTINCT FROM 'approve'
                     THEN 'you have not approved it'
                 WHEN p_verdict <> 'approve' THEN NULL
                 WHEN item.last = 'approve' THEN 'you approved it already'
                 WHEN item.contributed
                     THEN 'you proposed this change: somebody else must approve it'
                 WHEN item.replaced THEN 'it was replaced by a newer proposal' END);
        IF refusal IS NULL AND limited AND p_verdict = 'approve' THEN
            refusal := saga._over_limit(item.id, proof.person, t);
        END IF;
        IF refusal = 'expired' THEN
            PERFORM saga._step(item.id, 'expired', NULL, '');
        END IF;
        IF refusal IS NOT NULL THEN
            refused := refused || item.id;
            refusals := refusals || refusal;
            CONTINUE;
        END IF;
        INSERT INTO saga.decision (saga_id, content_hash, person_id, verdict, surface, proof_kind,
                                   proof_hash, credential, policy, at)
        VALUES (item.id, item.content_hash, proof.person, p_verdict, session_user, p_proof_kind,
                proof.proof_hash, proof.credential, policy_now, t)
        RETURNING decision.id INTO made;
        IF proof.linked THEN
            to_tell := to_tell || made;
        END IF;
        lacking := CASE WHEN p_verdict = 'approve' AND item.quorum = 1 THEN 0
                        ELSE saga._missing(item.id, item.content_hash, item.quorum,
                                           item.accounts) END;
        moved := moved || item.id;
        moved_to := moved_to || CASE WHEN p_verdict = 'reject' THEN 'rejected'
                                     WHEN lacking > 0 THEN 'cleared'
                                     WHEN p_verdict = 'withdraw' THEN item.state
                                     ELSE 'approved' END;
        moved_events := moved_events || CASE WHEN p_verdict = 'withdraw'
                                                  OR p_verdict = 'approve' AND lacking > 0
                                             THEN 'decided' END;
        RETURN QUERY SELECT item.id, moved_to[cardinality(moved_to)], lacking, CASE
            WHEN p_verdict = 'reject' THEN 'rejected'
            WHEN lacking = 0 THEN 'approved'
            ELSE format('recorded; %s more to approve', lacking) END;
    END LOOP;

    IF proof.person IS NULL THEN
        refused := p_ids;
        refusals := array_fill(proof.refusal, ARRAY[cardinality(p_ids)]);
    ELSIF cardinality(moved) + cardinality(refused) < cardinality(p_ids) THEN
        SELECT refused || array_agg(i), refusals || array_agg('there is no such proposal'::text)
          INTO refused, refusals FROM unnest(p_ids) i
         WHERE NOT EXISTS (SELECT FROM saga.saga s WHERE s.id = i);
    END IF;
    IF cardinality(moved) > 0 THEN
        PERFORM saga._steps(moved, moved_to, moved_events, proof.person,
                            array_fill(coalesce(p_reason, ''), ARRAY[cardinality(moved)]));
    END IF;
    IF cardinality(to_tell) > 0 THEN
        INSERT INTO saga.notice (decision_id, at) SELECT u, t FROM unnest(to_tell) u;
    END IF;
    IF cardinality(refused) > 0 THEN
        RETURN QUERY SELECT u.id, 'refused', NULL::integer, u.sentence
                       FROM unnest(refused, refusals) AS u (id, sentence);
        PERFORM saga._refuse('decide', proof.person, refused, refusals);
    END IF;
END $$;

-- Two decisions under one limit at once must both see the sums of the other. False: no limits.
CREATE OR REPLACE FUNCTION saga._lock_limits(p_person uuid) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO saga.decider (who, n)
    SELECT l.who, 1
      FROM (SELECT 'person ' || p_person AS who FROM people.grant_of g
             WHERE g.person_id = p_person
               AND coalesce(g.day_micros_max, g.hour_decisions_max) IS NOT NULL
            UNION
            SELECT 'surface ' || session_user FROM people.surface f
             WHERE f.role = session_user
               AND coalesce(f.day_micros_max, f.hour_decisions_max) IS NOT NULL) l
     ORDER BY l.who
    ON CONFLICT (who) DO UPDATE SET n = saga.decider.n + 1;
    RETURN FOUND;
END $$;

-- What is wrong with the asking itself, whatever the saga's state.
CREATE OR REPLACE FUNCTION saga._unclear(p_id uuid, p_hash bytea, p_verdict text, p_reason text,
                                         p_said text[], p_proof_hash bytea) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    IF p_said IS NOT NULL
       AND (p_said[1] IS DISTINCT FROM p_id::text OR p_said[3] IS DISTINCT FROM p_verdict
            OR p_said[2] IS DISTINCT FROM encode(p_hash, 'hex')
            OR p_verdict = 'reject' AND p_said[4] IS DISTINCT FROM p_reason) THEN
        RETURN 'the signed click says something else';
    ELSIF p_proof_hash IS NOT NULL
          AND EXISTS (SELECT FROM saga.decision d WHERE d.proof_hash = p_proof_hash) THEN
        RETURN 'this click was used already';
    ELSIF p_verdict = 'reject' AND coalesce(p_reason, '') = '' THEN
        RETURN 'a rejection needs a reason';
    END IF;
    RETURN NULL;
END $$;

-- A person's limits for these accounts: the strictest account's, each by the widest grant for it.
-- NULL: no limit.
CREATE OR REPLACE FUNCTION saga._limits_of(p_person uuid, p_accounts text[], OUT day_max bigint,
                                           OUT hour_max integer)
LANGUAGE sql STABLE AS $$
    SELECT min(l.day_max), min(l.hour_max)
      FROM (SELECT CASE WHEN bool_and(g.day_micros_max IS NOT NULL)
                        THEN max(g.day_micros_max) END AS day_max,
                   CASE WHEN bool_and(g.hour_decisions_max IS NOT NULL)
                        THEN max(g.hour_decisions_max) END AS hour_max
              FROM unnest(coalesce(nullif(p_accounts, '{}'), ARRAY[NULL])) AS a
              JOIN people.grant_of g ON a IS NULL OR g.scope IN ('*', a, split_part(a, '/', 1))
             WHERE g.person_id = p_person AND g.role = 'approver' GROUP BY a) l
$$;

-- A person's and a surface's limits: decisions an hour, money a day (per currency, approvals).
CREATE OR REPLACE FUNCTION saga._over_limit(p_id uuid, p_person uuid, p_at timestamptz)
RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    mine record;
    here record;
BEGIN
    mine := saga._limits_of(p_person, saga._accounts(p_id));
    SELECT f.day_micros_max AS day_max, f.hour_decisions_max AS hour_max INTO here
      FROM people.surface f WHERE f.role = session_user;
    IF (SELECT count(*) FROM saga.decision d
         WHERE d.person_id = p_person AND d.at > p_at - interval '1 hour') >= mine.hour_max THEN
        RETURN format('your limit is %s decisions an hour', mine.hour_max);
    ELSIF here.hour_max IS NOT NULL
          AND (SELECT count(*) FROM saga.decision d
                WHERE d.surface = session_user AND d.at > p_at - interval '1 hour')
              >= here.hour_max THEN
        RETURN format('the limit here is %s decisions an hour', here.hour_max);
    END IF;
    RETURN (
        SELECT format(CASE WHEN asked.micros + spent.mine > mine.day_max
                           THEN 'your limit is %s %s a day' ELSE 'the limit here is %s %s a day' END,
                      saga._money(CASE WHEN asked.micros + spent.mine > mine.day_max
                                       THEN mine.day_max ELSE here.day_max END), asked.currency)
          FROM saga._at_stake(p_id) asked
         CROSS JOIN LATERAL (
            SELECT coalesce(sum(past.micros) FILTER (WHERE d.person_id = p_person), 0) AS mine,
                   coalesce(sum(past.micros) FILTER (WHERE d.surface = session_user), 0) AS here
              FROM saga.decision d CROSS JOIN LATERAL saga._at_stake(d.saga_id) past
             WHERE d.verdict = 'approve' AND d.at > p_at - interval '24 hours'
               AND (d.person_id = p_person OR here.day_max IS NOT NULL)
               AND past.currency = asked.currency) spent
         WHERE asked.micros + spent.mine > mine.day_max
            OR asked.micros + spent.here > here.day_max
         LIMIT 1);
END $$;

CREATE OR REPLACE FUNCTION saga._at_stake(p_id uuid)
RETURNS TABLE (currency text, micros numeric)
LANGUAGE sql STABLE AS $$
    SELECT a.currency, sum(abs(e.after_micros::numeric - e.before_micros))
      FROM saga.effect e JOIN saga.target t ON t.id = e.target_id
      JOIN saga.account a ON a.id = t.account_id
     WHERE e.saga_id = p_id GROUP BY a.currency
$$;

-- How many approvals are lacking: distinct people whose last word on this hash is approve, not
-- taken back, still approvers, not contributors. A quorum of two or more also needs two surfaces.
CREATE OR REPLACE FUNCTION saga._missing(p_id uuid, p_hash bytea, p_quorum integer,
                                         p_accounts text[]) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
DECLARE
    last record;
    people integer := 0;
    first_surface name;
    surfaces integer := 0;
BEGIN
    FOR last IN SELECT DISTINCT ON (d.person_id) d.person_id, d.verdict, d.surface, d.disowned_at
                  FROM saga.decision d WHERE d.saga_id = p_id AND d.content_hash = p_hash
                 ORDER BY d.person_id, d.id DESC LOOP
        CONTINUE WHEN last.verdict <> 'approve' OR last.disowned_at IS NOT NULL
                      OR saga._not_approver(last.person_id, p_accounts) IS NOT NULL;
        IF NOT EXISTS (SELECT FROM saga.contributor c
                        WHERE c.saga_id = p_id AND c.person_id = last.person_id) THEN
            people := people + 1;
            surfaces := CASE WHEN first_surface IS NULL THEN 1
                             WHEN last.surface <> first_surface THEN 2 ELSE surfaces END;
            first_surface := coalesce(first_surface, last.surface);
        END IF;
    END LOOP;
    RETURN greatest(p_quorum - people,
                    CASE WHEN p_quorum >= 2 AND surfaces < 2 THEN 1 ELSE 0 END);
END $$;
