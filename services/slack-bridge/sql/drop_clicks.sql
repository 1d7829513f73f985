-- $1 days
-- Sooner where the clicker is nobody's: a stranger, or somebody who was erased.
DELETE FROM slack.click c
 WHERE c.stage = 'answered'
   AND (c.received_at < clock_timestamp() - $1 * interval '1 day'
        OR c.slack_user IN (SELECT people.unlinked(ARRAY(SELECT DISTINCT o.slack_user
                                                            FROM slack.click o
                                                           WHERE o.stage = 'answered'))))
