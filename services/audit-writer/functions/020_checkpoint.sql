-- What was signed of the tree.

-- False: there is a checkpoint of this size or a larger one.
CREATE OR REPLACE FUNCTION audit.publish(p_fence bigint, p_size bigint, p_note bytea)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM audit._lead(p_fence);
    IF p_size > audit.size() THEN
        RAISE EXCEPTION 'checkpoint of % leaves, there are %', p_size, audit.size()
            USING ERRCODE = '22023';
    END IF;
    INSERT INTO audit.checkpoint (size, note)
    SELECT p_size, p_note
     WHERE NOT EXISTS (SELECT FROM audit.checkpoint c WHERE c.size >= p_size);
    RETURN FOUND;
END $$;

-- Only upwards, and never beyond what is signed.
CREATE OR REPLACE FUNCTION audit.raise_minimum(p_fence bigint, p_index bigint, p_note bytea)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM audit._lead(p_fence);
    INSERT INTO audit.minimum (index, note)
    SELECT p_index, p_note
     WHERE NOT EXISTS (SELECT FROM audit.minimum m WHERE m.index >= p_index)
       AND EXISTS (SELECT FROM audit.checkpoint c WHERE c.size >= p_index);
    RETURN FOUND;
END $$;

-- Events older than p_before whose leaves are a prefix of the tree: up to where bodies may go.
CREATE OR REPLACE FUNCTION audit.retired_before(p_before timestamptz) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((SELECT l.index
                       FROM audit.leaf_of l LEFT JOIN saga.event e ON e.seq = l.event
                      WHERE l.index >= (SELECT coalesce(max(m.index), 0) FROM audit.minimum m)
                        AND e.at >= p_before
                      ORDER BY l.index LIMIT 1), audit.size())
$$;

-- Where an event's proof begins: its leaf, and the smallest checkpoint that holds it (NULL while
-- there is none).
CREATE OR REPLACE FUNCTION audit.place_of(p_event bigint)
RETURNS TABLE (index bigint, size bigint, note bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT l.index, c.size, c.note
      FROM audit.leaf_of l
      LEFT JOIN LATERAL (SELECT * FROM audit.checkpoint c WHERE c.size > l.index
                          ORDER BY c.size LIMIT 1) c ON true
     WHERE l.event = p_event
$$;
