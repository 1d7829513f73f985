-- $1 flows, $2 rules, $3 sentences
-- The same again within an hour is not said again.
INSERT INTO ops.ops_alerts (severity, flow, rule, sentence)
SELECT 'warning', u.flow, u.rule, left(u.sentence, 500)
  FROM unnest($1::text[], $2::text[], $3::text[]) AS u (flow, rule, sentence)
 WHERE NOT EXISTS (SELECT FROM ops.ops_alerts a
                    WHERE a.flow = u.flow AND a.rule = u.rule AND a.sentence = u.sentence
                      AND a.at > clock_timestamp() - interval '1 hour')
