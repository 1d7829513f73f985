-- $1 sagas, $2 channel
-- A card is wanted once its saga waits for people; every later version is drawn on it.
WITH asked AS MATERIALIZED (
    SELECT s.id, s.version, s.state
      FROM (SELECT DISTINCT unnest($1::uuid[]) AS id) AS heard JOIN saga.saga s ON s.id = heard.id
), known AS (
    UPDATE slack.post p SET wanted = a.version
      FROM asked a WHERE p.saga_id = a.id AND p.open AND p.wanted < a.version
)
INSERT INTO slack.post (saga_id, channel, wanted)
SELECT id, $2, version FROM asked WHERE state = 'cleared'
    ON CONFLICT (saga_id, channel) WHERE NOT adopted DO NOTHING
