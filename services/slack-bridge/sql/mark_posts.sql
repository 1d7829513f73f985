-- $1 sagas, $2 channels, $3 message ts
-- These messages will not show what was last drawn: draw them again. One that is not known is a
-- copy of a card whose reply was lost.
INSERT INTO slack.post AS p (saga_id, channel, ts, adopted, wanted)
SELECT DISTINCT ON (u.channel, u.ts) s.id, u.channel, u.ts, true, s.version
  FROM unnest($1::uuid[], $2::text[], $3::text[]) AS u (id, channel, ts)
  JOIN saga.saga s ON s.id = u.id
    ON CONFLICT (channel, ts) DO UPDATE SET shown = 0, open = true, not_before = '-infinity'
