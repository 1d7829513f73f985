-- $1 channel
-- Cards that wait for people, cards that wait for room, and the digest.
SELECT (SELECT count(*) FROM slack.post p JOIN saga.saga s ON s.id = p.saga_id
         WHERE p.open AND p.channel = $1 AND p.ts IS NOT NULL AND NOT p.adopted
           AND s.state = 'cleared'),
       (SELECT count(*) FROM slack.post p
         WHERE p.open AND p.channel = $1 AND p.ts IS NULL),
       d.ts, d.shown
  FROM (VALUES (1)) AS one LEFT JOIN slack.digest d ON d.channel = $1
