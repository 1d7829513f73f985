-- $1 token, $2 platform or NULL, $3 account or NULL, $4 the id the page before ended with or 0,
-- $5 how many
-- Of the accounts in which the person has a part. What was written and may still arrive at the
-- platform is in flight as well.
WITH mine AS MATERIALIZED (
    SELECT coalesce(array_agg(s), '{}') AS scopes FROM people.scopes('token', ARRAY[$1]) s)
SELECT t.id::text,
       json_build_object(
           'account', t.account_id, 'target', t.resource, 'name', t.name, 'currency', a.currency,
           'daily', trim_scale(t.live_micros / 1000000.0)::text,
           'daily_micros', t.live_micros::text, 'read_at', t.live_at, 'busy', t.busy,
           'in_flight', t.busy IS NOT NULL OR coalesce(t.quiet_until > clock_timestamp(), false),
           'shared', t.shared, 'paused', NOT t.enabled, 'period', t.period)::text
  FROM mine
  JOIN saga.account a ON ARRAY['*', a.platform, a.id] && mine.scopes
  JOIN saga.target t ON t.account_id = a.id
 WHERE ($2::text IS NULL OR a.platform = $2)
   AND ($3::text IS NULL OR a.id = $3)
   AND ($4::bigint = 0
        OR (t.account_id, t.resource) > (SELECT x.account_id, x.resource FROM saga.target x
                                          WHERE x.id = $4))
 ORDER BY t.account_id, t.resource LIMIT $5
