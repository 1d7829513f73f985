-- $1 saga
-- Where to answer somebody whose request names no message.
SELECT channel FROM slack.post WHERE saga_id = $1 ORDER BY id LIMIT 1
