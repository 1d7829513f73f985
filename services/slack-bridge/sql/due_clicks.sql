-- $1 stage, $2 limit
SELECT id, body, stamp, signature, sentence, outcome
  FROM slack.click
 WHERE stage = $1 AND stage <> 'answered' AND not_before <= clock_timestamp()
 ORDER BY id LIMIT $2
