-- The relay's two sides of the outbox. Reads what is committed, oldest first, from p_after on; no
-- gate on older transactions still running, whose rows come with a later call.
-- The table is empty or full from one moment to the next, so the planner's statistics are always
-- wrong: only the walk along the key is ever right.
CREATE OR REPLACE FUNCTION bus.outbox_due(p_after bigint, p_in_flight bigint[], p_limit integer)
RETURNS TABLE (id bigint, subject text, message_id text, body bytea, traceparent text,
               at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_sort = off
AS $$
BEGIN
    RETURN QUERY
    SELECT due.id, due.subject, coalesce(due.message_id, due.id::text), due.body,
           due.traceparent, due.at
      FROM bus.outbox AS due
     WHERE due.id > p_after AND due.id <> ALL (p_in_flight)
     ORDER BY due.id
     LIMIT p_limit;
END
$$;

-- These are in JetStream. Not waited for on disk: a deletion lost in a crash only means that a
-- message is said again under its old id.
CREATE OR REPLACE FUNCTION bus.outbox_done(p_ids bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    DELETE FROM bus.outbox AS said WHERE said.id = ANY (p_ids);
END
$$;
