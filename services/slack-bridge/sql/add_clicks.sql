-- $1 bodies, $2 timestamps, $3 signatures, $4 Slack users
-- The same signed request twice is one click.
INSERT INTO slack.click (proof_hash, body, stamp, signature, slack_user)
SELECT DISTINCT ON (hash) sha256(convert_to(u.signature || u.stamp, 'UTF8')) AS hash, u.body,
       u.stamp, u.signature, u.slack_user
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS u (body, stamp, signature, slack_user)
    ON CONFLICT (proof_hash) DO NOTHING
