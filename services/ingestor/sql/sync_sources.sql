-- $1 sources
-- What can be pulled from: the accounts of the ledger; others were added by hand and stay.
INSERT INTO ingest.source_state AS s (account, zone, world)
SELECT a.id, a.tz, a.world FROM saga.account a WHERE a.platform = ANY ($1::text[]) ORDER BY a.id
    ON CONFLICT (account) DO UPDATE SET zone = excluded.zone, world = excluded.world
 WHERE (s.zone, s.world) IS DISTINCT FROM (excluded.zone, excluded.world)
