-- begin_execution: the last check before money moves, under locks, in a statement of its own.
--
-- Locks go account -> targets -> saga, each set in order; sums are later statements. Targets are
-- locked beside their keys, which foreign keys of effects hold in any order. The answer is
-- what the publisher may do, and all it may do: `ok` with a fence and one row per effect, `wait`
-- with the reason and when to come back, or `ended`.

CREATE OR REPLACE FUNCTION saga.begin_execution(p_id uuid, p_hash bytea, p_owner text,
                                                p_mode text)
RETURNS TABLE (result text, reason text, retry_at timestamptz, fence bigint, mode text,
               back boolean, sent boolean, n integer, account text, resource text,
               before_micros bigint, after_micros bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    guarded constant boolean := saga._guard();
    s saga.saga;
    kind record;
    accounts text[] := '{}';
    targets bigint[] := '{}';
    t timestamptz;
    verdict record;
    granted text;
    allowed boolean;
    stepped boolean;
    waits text;
BEGIN
    -- Nothing leaves for a platform before permit_send, whose commit is waited for and carries this
    -- one to disk with it. Lost in a crash, the saga is approved again and nothing was sent.
    waits := set_config('synchronous_commit', 'off', true);
    SELECT x.kind, k.effects_max > 0 AS has_effects,
           greatest(k.quorum, (SELECT c.quorum FROM saga.kind c WHERE c.kind = x.kind
                                ORDER BY c.version DESC LIMIT 1)) AS quorum INTO kind
      FROM saga.saga x JOIN saga.kind k ON k.kind = x.kind AND k.version = x.kind_version
     WHERE x.id = p_id;
    IF NOT FOUND THEN
        result := 'ended'; reason := 'unknown';
        RETURN NEXT;
        RETURN;
    END IF;
    allowed := saga._need_door(kind.kind, 'executing', 'begin');
    IF kind.has_effects THEN
        accounts := saga._accounts(p_id);
        targets := ARRAY(SELECT e.target_id FROM saga.effect e WHERE e.saga_id = p_id ORDER BY 1);
        PERFORM saga._lock_accounts(accounts);
        PERFORM FROM saga.target g WHERE g.id = ANY (targets) ORDER BY g.id FOR NO KEY UPDATE;
    END IF;
    SELECT * INTO s FROM saga.saga WHERE id = p_id FOR UPDATE;
    t := clock_timestamp();

    granted := saga._lesser_mode(saga._lesser_mode(s.mode, p_mode),
                                 CASE WHEN kind.has_effects THEN saga._mode(accounts)
                                      ELSE 'live' END);
    verdict := saga._begin_refusal(s, p_hash, kind.quorum, accounts, targets, granted, t);
    IF verdict.to_state IS NOT NULL THEN
        stepped := saga._step_from(s, verdict.to_state, NULL, verdict.reason);
    END IF;
    result := verdict.result; reason := verdict.reason; retry_at := verdict.retry_at;
    IF result <> 'ok' THEN
        RETURN NEXT;
        RETURN;
    END IF;

    IF granted = 'live' AND kind.has_effects THEN
        PERFORM saga._use_caps(p_id, t);
    END IF;
    INSERT INTO saga.execution (saga_id, mode, begun_at, fence) VALUES (p_id, granted, t, 1);
    INSERT INTO saga.attempt (saga_id, fence, back, owner, taken_at)
    VALUES (p_id, 1, false, p_owner, t);
    IF kind.has_effects THEN
        UPDATE saga.target g SET busy = p_id WHERE g.id = ANY (targets);
    END IF;
    stepped := saga._step_from(s, 'executing', NULL, '');
    IF NOT kind.has_effects THEN
        reason := ''; fence := 1; mode := granted; back := false; sent := false;
        RETURN NEXT;
        RETURN;
    END IF;
    RETURN QUERY SELECT 'ok', '', NULL::timestamptz, o.fence, o.mode, o.back, o.sent, o.n,
                        o.account, o.resource, o.before_micros, o.after_micros
                   FROM saga._orders(p_id) o;
END $$;

-- Locked by writing, so that a snapshot older than the lock can't pass.
CREATE OR REPLACE FUNCTION saga._lock_accounts(p_accounts text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    one text;
BEGIN
    FOREACH one IN ARRAY p_accounts LOOP
        UPDATE saga.account a SET n = a.n + 1 WHERE a.id = one;
    END LOOP;
END $$;

-- What the publisher is to do for the newest attempt: forward, before -> after; back, the reverse.
CREATE OR REPLACE FUNCTION saga._orders(p_id uuid)
RETURNS TABLE (fence bigint, mode text, back boolean, sent boolean, n integer, account text,
               resource text, before_micros bigint, after_micros bigint)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT x.fence, x.mode, x.back,
           EXISTS (SELECT FROM saga.attempt a WHERE a.saga_id = x.saga_id AND a.back = x.back
                                                AND a.sent_at IS NOT NULL),
           e.n, g.account_id, g.resource,
           CASE WHEN x.back THEN e.after_micros ELSE e.before_micros END,
           CASE WHEN x.back THEN e.before_micros ELSE e.after_micros END
      FROM saga.execution x
      LEFT JOIN saga.effect e ON e.saga_id = x.saga_id
      LEFT JOIN saga.target g ON g.id = e.target_id
     WHERE x.saga_id = p_id
     ORDER BY e.n;
END $$;

CREATE OR REPLACE FUNCTION saga._begin_refusal(s saga.saga, p_hash bytea, p_quorum integer,
                                               p_accounts text[],
                                               p_targets bigint[], p_mode text, p_at timestamptz,
                                               OUT result text, OUT reason text,
                                               OUT retry_at timestamptz, OUT to_state text)
LANGUAGE plpgsql AS $$
DECLARE
    level text;
    found record;
BEGIN
    result := 'ended';
    IF s.state <> 'approved' THEN
        reason := 'it is ' || s.state;
        RETURN;
    ELSIF s.content_hash IS DISTINCT FROM p_hash THEN
        reason := 'the content hash is another';
        RETURN;
    END IF;
    level := saga._level(p_accounts, s.kind);
    IF level <> 'run' THEN
        result := 'wait'; reason := 'kill switch: ' || level; retry_at := p_at + interval '10 s';
        RETURN;
    END IF;
    IF cardinality(p_accounts) > 0 THEN
        SELECT * INTO found FROM saga._locked(p_accounts, p_at);
        IF found.id IS NOT NULL THEN -- somebody may lift it before it ends
            result := 'wait';
            reason := format('calendar lock: %s until %s', found.reason, found.until_text);
            retry_at := least(found.until, p_at + interval '1 min');
            RETURN;
        END IF;
    END IF;
    IF s.due_at <= p_at THEN
        reason := 'the approval is too old'; to_state := 'expired';
        RETURN;
    ELSIF saga._replaced(s.id) THEN
        reason := 'replaced by a newer proposal'; to_state := 'stale';
        RETURN;
    ELSIF saga._missing(s.id, s.content_hash, p_quorum, p_accounts) > 0 THEN
        reason := 'the quorum no longer holds'; to_state := 'cleared';
        RETURN;
    ELSIF cardinality(p_targets) = 0 THEN
        result := 'ok';
        RETURN;
    END IF;
    FOR found IN SELECT g.id, g.resource, g.live_micros, g.live_at, g.busy, g.quiet_until,
                        g.shared OR NOT g.enabled OR g.period <> 'daily' AS misshapen,
                        e.before_micros
                   FROM saga.effect e JOIN saga.target g ON g.id = e.target_id
                  WHERE e.saga_id = s.id ORDER BY e.n LOOP
        IF found.busy IS NOT NULL OR found.quiet_until > p_at THEN
            result := 'wait'; reason := found.resource || ' has a change in flight';
            retry_at := greatest(found.quiet_until, p_at + interval '2 s');
        ELSIF found.misshapen THEN
            reason := found.resource || ' is no longer a daily budget of its own';
            to_state := 'blocked';
        ELSIF found.live_at <= p_at - (SELECT observed_max FROM saga.timing) THEN
            result := 'wait'; reason := found.resource || ' was not read in the last minutes';
            retry_at := p_at + interval '2 s';
        ELSIF found.live_micros <> found.before_micros THEN
            reason := format('%s is %s now, not %s', found.resource,
                             saga._money(found.live_micros), saga._money(found.before_micros));
            to_state := 'stale';
        ELSE
            CONTINUE;
        END IF;
        RETURN;
    END LOOP;
    IF p_mode = 'live' THEN
        SELECT * INTO result, reason, retry_at, to_state FROM saga._caps_of(s, p_at);
        RETURN;
    END IF;
    result := 'ok';
END $$;

CREATE OR REPLACE FUNCTION saga._caps_of(s saga.saga, p_at timestamptz, OUT result text,
                                         OUT reason text, OUT retry_at timestamptz,
                                         OUT to_state text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    kinds constant saga.kind[] := ARRAY(
        SELECT k FROM saga.kind k
         WHERE k.kind = s.kind
           AND k.version IN (s.kind_version, (SELECT max(version) FROM saga.kind
                                               WHERE kind = s.kind)));
    found record;
    cap record;
BEGIN
    FOR found IN
        SELECT e, g, l.at, (l.at AT TIME ZONE a.tz)::date AS day,
               sum(greatest(e.after_micros::numeric - e.before_micros, 0)) OVER w AS up,
               sum(greatest(e.before_micros::numeric - e.after_micros, 0)) OVER w AS down,
               sum(e.after_micros::numeric - e.before_micros) OVER w AS net
          FROM saga.effect e JOIN saga.target g ON g.id = e.target_id
          JOIN saga.account a ON a.id = g.account_id
         CROSS JOIN LATERAL (SELECT saga._account_time(a.world, p_at) AS at) l
         WHERE e.saga_id = s.id WINDOW w AS (PARTITION BY a.id)
    LOOP
        SELECT * INTO cap FROM saga._cap_refusal(kinds, found.e, found.g, found.day, found.at,
                                                 found.up, found.down, found.net);
        IF cap.refusal IS NOT NULL THEN
            result := 'ended'; reason := cap.refusal; to_state := 'blocked';
            RETURN;
        ELSIF cap.wait IS NOT NULL THEN
            result := 'wait'; reason := cap.wait; retry_at := p_at + interval '5 min';
            RETURN;
        END IF;
    END LOOP;
    result := 'ok';
END $$;

CREATE OR REPLACE FUNCTION saga._use_caps(p_id uuid, p_at timestamptz) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO saga.spend_use (saga_id, account_id, target_id, day, at, delta_micros)
    SELECT p_id, g.account_id, g.id, (l.at AT TIME ZONE a.tz)::date, l.at,
           e.after_micros - e.before_micros
      FROM saga.effect e JOIN saga.target g ON g.id = e.target_id
      JOIN saga.account a ON a.id = g.account_id
     CROSS JOIN LATERAL (SELECT saga._account_time(a.world, p_at) AS at) l
     WHERE e.saga_id = p_id
$$;

CREATE OR REPLACE FUNCTION saga._money(p_micros bigint) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT to_char(p_micros / 1000000.0, 'FM999,999,999,990.00')
$$;
