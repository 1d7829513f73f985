-- Which of these ids this role sees for the first time. In the handler's transaction.
CREATE OR REPLACE FUNCTION bus.inbox_new(p_message_ids text[]) RETURNS SETOF text
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO bus.inbox AS seen (role, message_id)
    SELECT session_user, one.message_id
      FROM (SELECT DISTINCT unnest(p_message_ids) AS message_id) AS one
     ORDER BY one.message_id
    ON CONFLICT (role, message_id) DO NOTHING
    RETURNING seen.message_id
$$;
