-- What no redelivery can ask for any more: a stream keeps a message for 14 days, and an attempt
-- older than a day counts as none. A dead letter is kept for 30 days, as the inbox is. At most p_limit
-- rows of each; answers how many went.
CREATE OR REPLACE FUNCTION bus.prune(p_limit integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH seen AS (
        DELETE FROM bus.inbox
         WHERE ctid = ANY (ARRAY (
               SELECT old.ctid FROM bus.inbox AS old
                WHERE old.at < clock_timestamp() - interval '30 days'
                ORDER BY old.at LIMIT p_limit FOR UPDATE SKIP LOCKED))
        RETURNING 1
    ), tried AS (
        DELETE FROM bus.attempt
         WHERE ctid = ANY (ARRAY (
               SELECT old.ctid FROM bus.attempt AS old
                WHERE old.at < clock_timestamp() - interval '2 days'
                ORDER BY old.at LIMIT p_limit FOR UPDATE SKIP LOCKED))
        RETURNING 1
    ), buried AS (
        DELETE FROM bus.dead
         WHERE ctid = ANY (ARRAY (
               SELECT old.ctid FROM bus.dead AS old
                WHERE old.at < clock_timestamp() - interval '30 days'
                ORDER BY old.at LIMIT p_limit FOR UPDATE SKIP LOCKED))
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM seen) + (SELECT count(*) FROM tried)
           + (SELECT count(*) FROM buried)
$$;
