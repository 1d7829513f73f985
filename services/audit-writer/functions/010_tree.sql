-- The tree's right edge: what grows, and the checks that it only grows.

-- Only the leading audit-writer comes past this.
CREATE OR REPLACE FUNCTION audit._lead(p_fence bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'read committed only' USING ERRCODE = '25001';
    END IF;
    IF session_user <> 'aelp_audit_writer' THEN
        RAISE EXCEPTION '% does not order leaves', session_user USING ERRCODE = '42501';
    END IF;
    IF NOT bus.lease_check('audit-writer', p_fence) THEN
        RAISE EXCEPTION 'fence % does not lead', p_fence USING ERRCODE = '40001';
    END IF;
END $$;

-- How many leaves there are.
CREATE OR REPLACE FUNCTION audit.size() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT tiles * 256 + octet_length(hashes) / 32 FROM audit.edge WHERE level = 0
$$;

-- Appends hashes to one level: full tiles are stored, the rest stays at the edge.
CREATE OR REPLACE FUNCTION audit._extend(p_level smallint, p_hashes bytea) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    edge audit.edge;
    joined bytea;
    filled integer;
BEGIN
    SELECT * INTO STRICT edge FROM audit.edge e WHERE e.level = p_level FOR UPDATE;
    joined := edge.hashes || p_hashes;
    filled := octet_length(joined) / 8192;
    INSERT INTO audit.tile (level, n, hashes)
    SELECT p_level, edge.tiles + at, substr(joined, at * 8192 + 1, 8192)
      FROM generate_series(0, filled - 1) AS at;
    UPDATE audit.edge e
       SET tiles = edge.tiles + filled, hashes = substr(joined, filled * 8192 + 1)
     WHERE e.level = p_level;
END $$;

-- Each full tile of a level has exactly one hash above it.
CREATE OR REPLACE FUNCTION audit._check_edge() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong smallint;
BEGIN
    SELECT below.level INTO wrong
      FROM audit.edge below JOIN audit.edge above ON above.level = below.level + 1
     WHERE below.tiles <> above.tiles * 256 + octet_length(above.hashes) / 32
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'level % has full tiles without their hash above', wrong
            USING ERRCODE = '23514';
    END IF;
END $$;

-- Takes up to p_limit pending leaves into the tree, in the order of their events: numbers them,
-- stores their hashes, returns the size before and the hashes behind one another. The caller owes
-- audit.grow in the same transaction when tiles became full.
CREATE OR REPLACE FUNCTION audit.order_pending(p_fence bigint, p_limit integer)
RETURNS TABLE (size bigint, hashes bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    are_hashes boolean;
BEGIN
    IF NOT EXISTS (SELECT FROM audit.pending) THEN
        RETURN;
    END IF;
    PERFORM audit._lead(p_fence);
    PERFORM FROM audit.edge e WHERE e.level = 0 FOR UPDATE;
    PERFORM audit._check_edge();
    size := audit.size();

    WITH taken AS (
        DELETE FROM audit.pending p
         WHERE p.ctid = ANY (ARRAY(SELECT q.ctid FROM audit.pending q ORDER BY q.seq LIMIT p_limit))
        RETURNING p.seq, p.hash
    ), numbered AS MATERIALIZED (
        SELECT row_number() OVER (ORDER BY seq) - 1 AS place, seq, hash FROM taken
    ), kept AS (
        INSERT INTO audit.leaf_of (index, event)
        SELECT size + place, seq FROM numbered
    )
    SELECT string_agg(hash, ''::bytea ORDER BY place), bool_and(octet_length(hash) = 32)
      INTO hashes, are_hashes FROM numbered;
    IF NOT are_hashes THEN
        RAISE EXCEPTION 'a pending row without a hash of 32 bytes' USING ERRCODE = '23514';
    END IF;

    PERFORM audit._extend(0::smallint, hashes);
    RETURN NEXT;
END $$;

-- The hashes of newly full tiles: p_hashes[i] belongs at the end of level p_levels[i] > 0.
CREATE OR REPLACE FUNCTION audit.grow(p_fence bigint, p_levels integer[], p_hashes bytea[])
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM audit._lead(p_fence);
    FOR i IN 1 .. cardinality(p_levels) LOOP
        IF p_levels[i] NOT BETWEEN 1 AND 7 THEN
            RAISE EXCEPTION 'level %', p_levels[i] USING ERRCODE = '22023';
        END IF;
        PERFORM audit._extend(p_levels[i]::smallint, p_hashes[i]);
    END LOOP;
    PERFORM audit._check_edge();
END $$;

-- The first p_width hashes of a tile, full or at the edge; NULL when it has fewer.
CREATE OR REPLACE FUNCTION audit.tile_hashes(p_level integer, p_n bigint, p_width integer)
RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT substr(hashes, 1, p_width * 32)
      FROM (SELECT hashes FROM audit.tile WHERE level = p_level AND n = p_n
            UNION ALL
            SELECT hashes FROM audit.edge WHERE level = p_level AND tiles = p_n) AS tile
     WHERE octet_length(hashes) >= p_width * 32
$$;
