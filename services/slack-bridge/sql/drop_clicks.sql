-- $1 days
DELETE FROM slack.click
 WHERE stage = 'answered' AND received_at < clock_timestamp() - $1 * interval '1 day'
