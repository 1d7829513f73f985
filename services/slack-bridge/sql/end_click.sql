-- $1 click, $2 stage, $3 outcome, $4 sentence
UPDATE slack.click
   SET stage = $2, outcome = coalesce($3, outcome), sentence = coalesce($4, sentence), tries = 0,
       not_before = '-infinity'
 WHERE id = $1
