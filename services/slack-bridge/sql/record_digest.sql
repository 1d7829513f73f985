-- $1 channel, $2 message ts, $3 count shown
INSERT INTO slack.digest (channel, ts, shown) VALUES ($1, $2, $3)
    ON CONFLICT (channel) DO UPDATE SET ts = excluded.ts, shown = excluded.shown
