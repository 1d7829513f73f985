-- $1 channel, $2 cards to post at most, $3 cards to edit at most
-- Edits first: what takes live buttons away is more urgent than what adds some.
WITH due AS MATERIALIZED (
    (SELECT id, saga_id, channel, ts FROM slack.post
      WHERE open AND ts IS NOT NULL AND shown < wanted AND not_before <= clock_timestamp()
      ORDER BY id LIMIT $3)
    UNION ALL
    (SELECT id, saga_id, channel, ts FROM slack.post
      WHERE open AND ts IS NULL AND channel = $1 AND not_before <= clock_timestamp()
      ORDER BY id LIMIT $2)
)
SELECT d.id, d.channel, d.ts, s.id, s.version, s.state, s.kind, s.mode, s.content_hash,
       s.expires_at, s.request_id, coalesce(left(s.proposer_person::text, 8), s.proposer_role),
       saga.headline(s.id), CASE WHEN why.saga_id IS NOT NULL THEN coalesce(why.text, '(erased)') END,
       CASE WHEN ended.saga_id IS NOT NULL THEN coalesce(ended.text, '(erased)') END,
       accounts.list, checks.list, said.list,
       greatest(pinned.quorum, latest.quorum), coalesce(said.approvals, 0)
  FROM due d
  JOIN saga.saga s ON s.id = d.saga_id
  JOIN saga.kind pinned ON pinned.kind = s.kind AND pinned.version = s.kind_version
 CROSS JOIN LATERAL (SELECT k.quorum FROM saga.kind k WHERE k.kind = s.kind
                      ORDER BY k.version DESC LIMIT 1) latest
  LEFT JOIN saga.note why ON why.saga_id = s.id AND why.version = 0
  LEFT JOIN saga.note ended ON ended.saga_id = s.id AND ended.version = s.version
 CROSS JOIN LATERAL (
    SELECT string_agg(DISTINCT g.account_id, ', ') AS list
      FROM saga.effect e JOIN saga.target g ON g.id = e.target_id WHERE e.saga_id = s.id) accounts
 CROSS JOIN LATERAL (
    SELECT string_agg(CASE WHEN v.passed THEN '✓ ' ELSE '✗ ' END
                      || coalesce(nullif(v.sentence, ''), v.rule), E'\n' ORDER BY v.rule) AS list
      FROM saga.verdict v WHERE v.saga_id = s.id AND v.content_hash = s.content_hash) checks
 CROSS JOIN LATERAL (
    SELECT string_agg(CASE last.verdict WHEN 'approve' THEN 'Approved' WHEN 'reject' THEN 'Rejected'
                           ELSE 'Withdrawn' END
                      || ' by ' || coalesce('<@' || c.slack_user || '>',
                                            left(last.person_id::text, 8)
                                            || CASE last.surface WHEN 'aelp_gateway' THEN ' on the web'
                                                    ELSE '' END),
                      E'\n' ORDER BY last.id) AS list,
           count(*) FILTER (WHERE last.verdict = 'approve') AS approvals
      FROM (SELECT DISTINCT ON (o.person_id) o.* FROM saga.decision o
             WHERE o.saga_id = s.id AND o.content_hash = s.content_hash
             ORDER BY o.person_id, o.id DESC LIMIT 20) last
      LEFT JOIN slack.click c ON c.proof_hash = last.proof_hash) said
 ORDER BY d.ts NULLS LAST, d.id
