-- $1 post
UPDATE slack.post
   SET tries = tries + 1,
       not_before = clock_timestamp() + least(power(2, tries + 1), 600) * interval '1 second'
 WHERE id = $1
