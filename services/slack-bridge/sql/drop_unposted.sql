-- $1 channel
-- Nobody saw these and nobody needs to: their saga no longer waits, or the channel was left.
DELETE FROM slack.post p USING saga.saga s
 WHERE p.open AND p.ts IS NULL AND s.id = p.saga_id AND (s.state <> 'cleared' OR p.channel <> $1)
