-- $1 id, $2 token
-- An erased note keeps its row, with the text NULL.
WITH called AS MATERIALIZED (
    SELECT c.person, c.name
      FROM people.names(ARRAY(SELECT x.proposer_person FROM saga.saga x WHERE x.id = $1
                              UNION SELECT v.person_id FROM saga.event v WHERE v.saga_id = $1
                              UNION SELECT r.person_id FROM saga.refusal r WHERE r.saga_id = $1),
                        'token', ARRAY[$2]) c)
SELECT s.content_hash, json_build_object(
    'id', s.id, 'kind', s.kind, 'kind_version', s.kind_version, 'state', s.state,
    'version', s.version, 'mode', s.mode, 'policy', s.policy,
    'headline', saga.headline(s.id),
    'note', coalesce((SELECT coalesce(n.text, '(erased)') FROM saga.note n
                       WHERE n.saga_id = s.id AND n.version = 0), ''),
    'hash', encode(s.content_hash, 'hex'), 'proposer', s.proposer_person,
    'proposer_name', (SELECT c.name FROM called c WHERE c.person = s.proposer_person),
    'replaces', s.replaces,
    'replaced_by', (SELECT r.id FROM saga.saga r WHERE r.replaces = s.id ORDER BY r.id DESC LIMIT 1),
    'quorum', k.quorum, 'undo', k.undo,
    'created_at', s.created_at, 'expires_at', s.expires_at, 'state_at', s.state_at,
    'waits', (SELECT json_build_object('why', w.why, 'until', w.until) FROM saga.waits(s.id) w),
    'effects', (
        SELECT coalesce(json_agg(json_build_object(
                   'n', e.n, 'account', t.account_id, 'target', t.resource, 'name', t.name,
                   'currency', a.currency,
                   'before', trim_scale(e.before_micros / 1000000.0)::text,
                   'after', trim_scale(e.after_micros / 1000000.0)::text,
                   'before_micros', e.before_micros::text, 'after_micros', e.after_micros::text)
                   ORDER BY e.n), '[]')
          FROM saga.effect e JOIN saga.target t ON t.id = e.target_id
          JOIN saga.account a ON a.id = t.account_id
         WHERE e.saga_id = s.id),
    'verdicts', (
        SELECT coalesce(json_agg(json_build_object(
                   'rule', v.rule, 'passed', v.passed, 'value', v.value, 'bound', v.bound,
                   'sentence', v.sentence, 'at', v.at) ORDER BY v.passed, v.rule), '[]')
          FROM saga.verdict v
         WHERE v.saga_id = s.id AND v.content_hash = s.content_hash),
    'decisions', (
        SELECT coalesce(json_agg(json_build_object(
                   'id', d.id, 'person', d.person_id, 'name', c.name, 'verdict', d.verdict,
                   'surface', d.surface, 'policy', d.policy, 'at', d.at,
                   'disowned_at', d.disowned_at) ORDER BY d.id), '[]')
          FROM saga.decision d LEFT JOIN called c ON c.person = d.person_id WHERE d.saga_id = s.id),
    'events', (
        SELECT coalesce(json_agg(json_build_object(
                   'seq', v.seq, 'version', v.version, 'event', v.event, 'from', v.from_state,
                   'to', v.to_state, 'role', v.role, 'person', v.person_id, 'name', c.name,
                   'at', v.at, 'note', CASE WHEN n.saga_id IS NULL THEN ''
                                            ELSE coalesce(n.text, '(erased)') END)
                   ORDER BY v.version), '[]')
          FROM saga.event v
          LEFT JOIN called c ON c.person = v.person_id
          LEFT JOIN saga.note n ON n.saga_id = v.saga_id AND n.version = v.version
         WHERE v.saga_id = s.id),
    'attempts', (
        SELECT coalesce(json_agg(json_build_object(
                   'fence', t.fence, 'back', t.back, 'owner', t.owner, 'taken_at', t.taken_at,
                   'sent_at', t.sent_at, 'outcome', t.outcome, 'evidence', t.evidence,
                   'finished_at', t.finished_at) ORDER BY t.fence), '[]')
          FROM saga.attempt t WHERE t.saga_id = s.id),
    'refusals', (
        SELECT coalesce(json_agg(json_build_object(
                   'at', r.at, 'door', r.door, 'person', r.person_id, 'name', c.name,
                   'surface', r.role, 'sentence', r.sentence, 'more', r.more) ORDER BY r.id), '[]')
          FROM (SELECT * FROM saga.refusal x WHERE x.saga_id = s.id
                 ORDER BY x.id DESC LIMIT 50) r
          LEFT JOIN called c ON c.person = r.person_id))::text
  FROM saga.saga s JOIN saga.kind k ON k.kind = s.kind AND k.version = s.kind_version
 WHERE s.id = $1
