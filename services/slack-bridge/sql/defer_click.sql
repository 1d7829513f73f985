-- $1 click, $2 seconds it may go on being tried
UPDATE slack.click
   SET tries = tries + 1,
       not_before = clock_timestamp() + least(power(2, tries), 60) * interval '1 second',
       stage = CASE WHEN received_at < clock_timestamp() - $2 * interval '1 second'
                    THEN 'answered' ELSE stage END
 WHERE id = $1
