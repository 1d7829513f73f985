-- $1 channel
-- What messages that never came would have said: cards missing, cards behind.
WITH behind AS (
    UPDATE slack.post p SET wanted = s.version
      FROM saga.saga s WHERE p.open AND s.id = p.saga_id AND p.wanted < s.version
)
INSERT INTO slack.post (saga_id, channel, wanted)
SELECT s.id, $1, s.version FROM saga.open o JOIN saga.saga s ON s.id = o.saga_id
 WHERE s.state = 'cleared'
   AND NOT EXISTS (SELECT FROM slack.post p
                    WHERE p.saga_id = s.id AND p.channel = $1 AND NOT p.adopted)
    ON CONFLICT (saga_id, channel) WHERE NOT adopted DO NOTHING
