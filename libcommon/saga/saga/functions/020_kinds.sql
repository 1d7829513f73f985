-- The kinds of change, one row each. Sagas and the people who approved them hold to a version, so
-- all but who proposes and publishes is pinned: other numbers are a row with the next version.
-- measure_wait is longer than a send needs to have surely arrived: until then nobody may roll back.
-- What may follow what is the same for all kinds; who may do it comes from the row.

DELETE FROM saga.step;
DELETE FROM saga.patience;

CREATE OR REPLACE FUNCTION saga._kind_holds(p_is saga.kind, p_said saga.kind) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    changed constant text := (
        SELECT string_agg(format('%s is %s, not %s', key, old.value, new.value), ', ' ORDER BY key)
          FROM jsonb_each_text(to_jsonb(p_is) - ARRAY['proposers', 'publisher']) old
          JOIN jsonb_each_text(to_jsonb(p_said)) new USING (key)
         WHERE old.value <> new.value);
BEGIN
    IF changed IS NOT NULL THEN
        RAISE EXCEPTION '%, version %: %; kinds are pinned: add version %',
            p_is.kind, p_is.version, changed,
            (SELECT max(k.version) + 1 FROM saga.kind k WHERE k.kind = p_is.kind);
    END IF;
    RETURN true;
END $$;

INSERT INTO saga.kind AS had (kind, version, payload, proposers, publisher, rules, quorum,
                       effects_min, effects_max, change_bp, day_bp, target_drift_bp,
                       account_drift_bp, from_zero_micros, ttl_max, exec_wait, measure_wait,
                       settle, undo)
VALUES
    ('noop.note', 1, '', '{aelp_gateway}', 'aelp_budget_publisher', '{kill_switch}', 1,
     0, 0, 0, 0, 0, 0, 0, '7 days', '1 day', '0 s', '0 s', 'none'),
    ('budget.change', 1, '', '{aelp_gateway}', 'aelp_budget_publisher',
     '{kill_switch,per_change,per_day,drift,freshness,in_flight,budget_shape}', 1,
     1, 20, 500, 1000, 5000, 3000, 0, '7 days', '1 day', '60 s', '2 s', 'restore')
ON CONFLICT (kind, version) DO UPDATE
   SET proposers = excluded.proposers, publisher = excluded.publisher
 WHERE saga._kind_holds(had, excluded);

-- who: proposer, guardrail, publisher of the kind; surface: the logins that carry
-- people's decisions.
INSERT INTO saga.step (kind, from_state, to_state, role, door)
SELECT DISTINCT k.kind, t.from_state, t.to_state, r.role, t.door
  FROM saga.kind k
 CROSS JOIN (VALUES
    ('',             'proposed',        'propose',  'proposer'),
    ('proposed',     'cleared',         'advance',  'guardrail'),
    ('proposed',     'blocked',         'advance',  'guardrail'),
    ('proposed',     'expired',         'advance',  'guardrail'),
    ('cleared',      'expired',         'advance',  'guardrail'),
    ('approved',     'expired',         'advance',  'guardrail'),
    ('cleared',      'stale',           'advance',  'guardrail'),
    ('approved',     'stale',           'advance',  'guardrail'),
    ('proposed',     'cancelled',       'advance',  'proposer'),
    ('cleared',      'cancelled',       'advance',  'proposer'),
    ('approved',     'cancelled',       'advance',  'proposer'),
    ('cleared',      'approved',        'decide',   'surface'),
    ('cleared',      'rejected',        'decide',   'surface'),
    ('cleared',      'cleared',         'decide',   'surface'),
    ('cleared',      'expired',         'decide',   'surface'),
    ('approved',     'rejected',        'decide',   'surface'),
    ('approved',     'cleared',         'decide',   'surface'),
    ('approved',     'approved',        'decide',   'surface'),
    ('cleared',      'rejected',        'disown',   'surface'),
    ('approved',     'rejected',        'disown',   'surface'),
    ('approved',     'executing',       'begin',    'publisher'),
    ('approved',     'blocked',         'begin',    'publisher'),
    ('approved',     'stale',           'begin',    'publisher'),
    ('approved',     'expired',         'begin',    'publisher'),
    ('approved',     'cleared',         'begin',    'publisher'),
    ('executing',    'executed',        'finish',   'publisher'),
    ('executing',    'failed',          'finish',   'publisher'),
    ('rolling_back', 'rolled_back',     'finish',   'publisher'),
    ('rolling_back', 'rollback_failed', 'finish',   'publisher'),
    ('executed',     'confirmed',       'advance',  'guardrail'),
    ('executing',    'executed',        'resolve',  'surface'),
    ('executing',    'failed',          'resolve',  'surface'),
    ('rolling_back', 'rolled_back',     'resolve',  'surface'),
    ('rolling_back', 'rollback_failed', 'resolve',  'surface'),
    ('executing',    'failed',          'rollback', 'guardrail'),
    ('executing',    'failed',          'rollback', 'surface'),
    ('executing',    'rolling_back',    'rollback', 'guardrail'),
    ('executed',     'rolling_back',    'rollback', 'guardrail'),
    ('rolling_back', 'rollback_failed', 'rollback', 'guardrail'),
    ('executing',    'rolling_back',    'rollback', 'surface'),
    ('executed',     'rolling_back',    'rollback', 'surface'),
    ('rolling_back', 'rollback_failed', 'rollback', 'surface'))
    AS t (from_state, to_state, door, who)
 CROSS JOIN LATERAL (
    SELECT unnest(k.proposers) AS role WHERE t.who = 'proposer'
    UNION ALL SELECT 'aelp_guardrail_evaluator' WHERE t.who = 'guardrail'
    UNION ALL SELECT k.publisher WHERE t.who = 'publisher'
    UNION ALL SELECT unnest('{aelp_gateway,aelp_slack_bridge}'::name[]) WHERE t.who = 'surface') r
 WHERE k.version = (SELECT max(version) FROM saga.kind x WHERE x.kind = k.kind)
   AND (k.undo <> 'none' OR t.door <> 'rollback'
                            AND t.to_state NOT IN ('rolled_back', 'rollback_failed'));

INSERT INTO saga.patience (kind, version, state, due, say)
SELECT k.kind, k.version, p.state,
       CASE p.state WHEN 'approved' THEN k.exec_wait WHEN 'executed' THEN k.measure_wait END, p.say
  FROM saga.kind k
 CROSS JOIN (VALUES ('proposed', interval '10 s'), ('cleared', interval '1 hour'),
                    ('approved', interval '15 s'), ('executing', interval '1 min'),
                    ('executed', interval '30 s'), ('rolling_back', interval '15 s'))
    AS p (state, say);
