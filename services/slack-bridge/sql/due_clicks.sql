-- $1 limit
SELECT id, body, stamp, signature, stage, sentence
  FROM slack.click
 WHERE stage <> 'answered' AND not_before <= clock_timestamp()
 ORDER BY id LIMIT $1
